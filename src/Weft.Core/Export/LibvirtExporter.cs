using System.Text;
using System.Xml;
using Weft.Core.Spec;

namespace Weft.Core.Export;

/// <summary>Networks of libvirt over Weft's bridges: libvirt plugs its machines in, the bridge with all that belongs to it stays Weft's.</summary>
public static class LibvirtExporter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n", ConformanceLevel = ConformanceLevel.Document };

    /// <summary>A file for each network, for virsh net-define.</summary>
    public static Exported Export(ExportSource source)
    {
        var losses = new Losses();
        return new Exported([.. source.Project.Networks.Select(n => new ExportedFile(n.Name, Xml(source, n, losses)))], losses.All);
    }

    private static string Xml(ExportSource source, NetworkSpec n, Losses losses)
    {
        var text = new StringBuilder();
        using (var w = XmlWriter.Create(text, Settings))
        {
            w.WriteStartElement("network");
            w.WriteElementString("name", n.Name);
            Element(w, "forward", "mode", "bridge");
            Element(w, "bridge", "name", source.Bridge(n));
            if (IsIsolated(source, n)) Element(w, "port", "isolated", "yes");
            w.WriteEndElement();
        }
        Tell(source, n, losses);
        return text.Append('\n').ToString();
    }

    private static void Element(XmlWriter w, string name, string key, string value)
    {
        w.WriteStartElement(name);
        w.WriteAttributeString(key, value);
        w.WriteEndElement();
    }

    // libvirt isolates the ports of a network all or none.
    private static bool IsIsolated(ExportSource source, NetworkSpec n) => source.Ports(n).Any() && source.Ports(n).All(p => p.Isolated);

    private static void Tell(ExportSource source, NetworkSpec n, Losses losses)
    {
        if (source.IsGuess(n)) losses.Say(n, $"its bridge is {source.Bridge(n)} unless the host had such a link before", "apply the file and export with --project, or name it: bridge");
        losses.Say(n, "libvirt's network names no machines: a link that libvirt makes gets the port of its machine, found by its MAC or name, from weftd or the hook, with addresses, VLANs and all its policy",
            "without either it carries nothing; default_port says what one does that no port is known for");
    }
}
