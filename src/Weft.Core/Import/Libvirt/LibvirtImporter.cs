using Weft.Core.Diagnostics;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads libvirt's network XML: files as under /etc/libvirt/qemu/networks, or what virsh net-dumpxml prints, also several in a row.</summary>
public static class LibvirtImporter
{
    /// <summary>Makes a project of networks. No input makes it throw.</summary>
    /// <param name="name">Name of the project, a DNS label.</param>
    /// <param name="definitions">Files with networks.</param>
    /// <param name="running">Files of libvirt's run-time state, each with a networkstatus: a network that is defined too counts once.</param>
    public static Imported Import(string name, IEnumerable<ImportSource> definitions, IEnumerable<ImportSource> running)
    {
        var files = new Notes("");
        List<(XmlElement Element, Notes Notes)> networks = [.. Networks(definitions, files)], live = [.. Networks(running, files)];
        var names = networks.Select(n => NameOf(n.Element)).ToHashSet();
        foreach (var (element, _) in live.Where(n => names.Contains(NameOf(n.Element)))) TellRunning(networks.First(n => NameOf(n.Element) == NameOf(element)));
        foreach (var transient in live.Where(n => !names.Contains(NameOf(n.Element))))
        {
            TellRunning(transient);
            networks.Add(transient);
        }
        return new Assembler(name, files).Assemble([.. networks.Select(n => new NetworkMapper(n.Element, NameOf(n.Element), n.Notes).Map())]);
    }

    /// <summary>As <see cref="Import(string, IEnumerable{ImportSource})"/>, of networks whose bridges stay as they are.</summary>
    internal static Imported Keeping(string name, IEnumerable<ImportSource> states)
    {
        var files = new Notes("");
        return new Assembler(name, files).Assemble([.. Networks(states, files).ToList().Select(n => new NetworkMapper(n.Item1, NameOf(n.Item1), n.Item2, keepsBridge: true).Map())]);
    }

    /// <inheritdoc cref="Import(string, IEnumerable{ImportSource}, IEnumerable{ImportSource})"/>
    public static Imported Import(string name, IEnumerable<ImportSource> definitions) => Import(name, definitions, []);

    private static string NameOf(XmlElement network) => network.Child("name")?.Text.Trim() ?? "";

    private static void TellRunning((XmlElement Element, Notes Notes) network) => network.Notes.Say(network.Element.At, "libvirt runs it: its bridge and addresses are in use",
        $"weft adopt libvirt {NameOf(network.Element)} takes it over as it runs; or virsh net-destroy {NameOf(network.Element)} and virsh net-autostart --disable {NameOf(network.Element)}, before weft apply");

    private static IEnumerable<(XmlElement, Notes)> Networks(IEnumerable<ImportSource> sources, Notes files)
    {
        foreach (var source in sources)
        {
            var notes = new Notes("");
            var roots = new XmlLoader(source, notes).Load();
            if (roots.Count == 0 && !notes.HasErrors) notes.Add(ImportCodes.Kind, Severity.Error, new Location(source.File, 1, 1), "there is no network in it", "it holds <network>...</network>, as virsh net-dumpxml prints it");
            foreach (var root in roots) if (Network(root, notes) is { } network) yield return (network, NotesOf(network));
            foreach (var d in notes.Items) files.Add(d);
        }
    }

    // The state of a running network has its definition inside.
    private static XmlElement? Network(XmlElement root, Notes notes)
    {
        if (root.Name == "network") return root;
        if (root.Name == "networkstatus" && root.Child("network") is { } inner) return inner;
        notes.Add(ImportCodes.Kind, Severity.Error, root.At, $"<{Notes.Q(root.Name).Trim('\'')}> is no network", "domains, pools and filters of libvirt are not read; a network is <network>...</network>");
        return null;
    }

    private static Notes NotesOf(XmlElement network)
    {
        var name = NameOf(network);
        var notes = new Notes(name.Length > 0 ? $"network {Notes.Q(name).Trim('\'')}" : "a network without name");
        if (name.Length == 0) notes.Missing(network.At, "<name> is missing");
        if (name.AsSpan().ContainsAny('/', '\n')) notes.Bad(network.Child("name")!.At, "<name> has a '/' or a line break in it");
        return notes;
    }
}
