using System.Globalization;
using System.Net;
using System.Xml;

namespace Weft.Linux.Libvirt;

/// <summary>A NIC of a domain.</summary>
/// <param name="Mac">Its MAC as written; null when there is none.</param>
/// <param name="Network">The libvirt network that it is on; null when it is on none.</param>
/// <param name="Bridge">The bridge that it is on, by name; null when that is not told.</param>
/// <param name="Target">The link on the host; null when the domain does not run, or it has none.</param>
public sealed record DomainInterface(string? Mac, string? Network, string? Bridge, string? Target);

/// <summary>What Weft reads of a domain's XML (libvirt's formatdomain).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Machine">The machine's name in Weft's files, where the domain's metadata say another: &lt;weft:machine xmlns:weft="https://weft.dev/libvirt/1" name="web1"/&gt;.</param>
/// <param name="Interfaces">Its NICs, in order.</param>
public sealed record DomainXml(string Name, string? Machine, IReadOnlyList<DomainInterface> Interfaces)
{
    /// <summary>Reads a domain.</summary>
    /// <exception cref="InvalidDataException">It is no XML, or no domain's.</exception>
    public static DomainXml Read(string xml)
    {
        var (name, machine, nics) = ("", (string?)null, new List<DomainInterface>());
        LibvirtXml.Each(xml, "domain", (reader, path) =>
        {
            if (path is "domain/name") name = LibvirtXml.Text(reader);
            else if (path is "domain/metadata/machine" && reader.NamespaceURI == LibvirtXml.Namespace) machine = reader.GetAttribute("name");
            else if (path is "domain/devices/interface") nics.Add(new(null, null, null, null));
            else if (path.StartsWith("domain/devices/interface/", StringComparison.Ordinal) && nics is [.., var nic]) nics[^1] = With(nic, reader, path["domain/devices/interface/".Length..]);
        });
        return name.Length > 0 ? new(name, machine, nics) : throw new InvalidDataException("the XML of a domain has no name");
    }

    private static DomainInterface With(DomainInterface nic, XmlReader reader, string element) => element switch
    {
        "mac" => nic with { Mac = reader.GetAttribute("address") },
        "source" => nic with { Network = reader.GetAttribute("network") ?? nic.Network, Bridge = reader.GetAttribute("bridge") ?? nic.Bridge },
        "target" => nic with { Target = reader.GetAttribute("dev") },
        _ => nic,
    };
}

/// <summary>The XML of a network (libvirt's formatnetwork): a bridge that somebody else made, and whose it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bridge">The bridge.</param>
/// <param name="Project">Weft's project; null when the network is not Weft's.</param>
/// <param name="Network">Weft's network.</param>
public sealed record NetworkXml(string Name, string? Bridge, string? Project, string? Network)
{
    /// <summary>Its UUID; null lets libvirt choose one.</summary>
    public string? Uuid { get; init; }

    /// <summary>Whether it is Weft's.</summary>
    public bool IsOurs => Project is not null;

    /// <summary>Whether it was made to list a network of Weft's, PROJECT.NETWORK; one of Weft's by another name was libvirt's own before.</summary>
    public bool IsListed => IsOurs && Name == $"{Project}.{Network}";

    /// <summary>Reads a network.</summary>
    /// <exception cref="InvalidDataException">It is no XML, or no network's.</exception>
    public static NetworkXml Read(string xml)
    {
        var read = new NetworkXml("", null, null, null);
        LibvirtXml.Each(xml, "network", (reader, path) =>
        {
            if (path is "network/name") read = read with { Name = LibvirtXml.Text(reader) };
            else if (path is "network/uuid") read = read with { Uuid = LibvirtXml.Text(reader).Trim() };
            else if (path is "network/bridge") read = read with { Bridge = reader.GetAttribute("name") };
            else if (path is "network/metadata/network" && reader.NamespaceURI == LibvirtXml.Namespace)
                read = read with { Project = reader.GetAttribute("project"), Network = reader.GetAttribute("name") };
        });
        return read.Name.Length > 0 ? read : throw new InvalidDataException("the XML of a network has no name");
    }

    /// <summary>The definition for libvirt.</summary>
    public string Write()
    {
        var text = new System.Text.StringBuilder();
        using (var w = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true }))
        {
            w.WriteStartElement("network");
            w.WriteElementString("name", Name);
            if (Uuid is not null) w.WriteElementString("uuid", Uuid);
            w.WriteStartElement("metadata");
            w.WriteStartElement("weft", "network", LibvirtXml.Namespace);
            w.WriteAttributeString("project", Project);
            w.WriteAttributeString("name", Network);
            w.WriteEndElement();
            w.WriteEndElement();
            w.WriteStartElement("forward");
            w.WriteAttributeString("mode", "bridge");
            w.WriteEndElement();
            w.WriteStartElement("bridge");
            w.WriteAttributeString("name", Bridge);
            w.WriteEndElement();
            w.WriteEndElement();
        }
        return text.ToString();
    }

    internal static string? NameOf(string xml)
    {
        try
        {
            return Read(xml).Name;
        }
        catch (InvalidDataException)
        {
            return null; // none that could be Weft's
        }
    }
}

/// <summary>Reads XML as a stream, without document types, entities or anything from outside.</summary>
public static class LibvirtXml
{
    /// <summary>The bridge in libvirt's state of a network that runs; null when it has none.</summary>
    /// <exception cref="InvalidDataException">It is no state of a network.</exception>
    public static string? BridgeOfStatus(string xml) => OfStatus(xml, "bridge", "name");

    /// <summary>The forward mode in libvirt's state of a network that runs; null when it forwards nothing.</summary>
    /// <exception cref="InvalidDataException">It is no state of a network.</exception>
    public static string? ForwardOfStatus(string xml) => OfStatus(xml, "forward", "mode");

    private static string? OfStatus(string xml, string element, string attribute)
    {
        string? found = null;
        Each(xml, "networkstatus", (reader, path) => found = path == $"networkstatus/network/{element}" ? reader.GetAttribute(attribute) : found);
        return found;
    }

    /// <summary>The subnets of a network, or of the state of one: as libvirt names them in rules, "192.168.122.0/24".</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static IReadOnlyList<string> Subnets(string xml)
    {
        var found = new List<string>();
        Each(xml, xml.Contains("<networkstatus", StringComparison.Ordinal) ? "networkstatus" : "network", (reader, path) =>
        {
            if (path is "network/ip" or "networkstatus/network/ip" && Subnet(reader.GetAttribute("address"), reader.GetAttribute("netmask"), reader.GetAttribute("prefix")) is { } subnet) found.Add(subnet);
        });
        return found;
    }

    private static string? Subnet(string? address, string? netmask, string? prefix)
    {
        if (!IPAddress.TryParse(address, out var ip)) return null;
        var bytes = ip.GetAddressBytes();
        var length = IPAddress.TryParse(netmask, out var mask) ? mask.GetAddressBytes().Sum(b => int.PopCount(b))
            : int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given <= 8 * bytes.Length ? given
            : bytes.Length == 16 ? 64 : bytes[0] switch { < 128 => 8, < 192 => 16, _ => 24 }; // the classes of RFC 791, as libvirt takes them
        for (var bit = length; bit < 8 * bytes.Length; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return $"{new IPAddress(bytes)}/{length}";
    }

    /// <summary>Weft's own XML namespace.</summary>
    public const string Namespace = "https://weft.dev/libvirt/1";
    private const int MaxDepth = 64; // far more than libvirt has

    /// <summary>Hands over the elements in order, each with its path of local names.</summary>
    /// <exception cref="InvalidDataException">It is no XML, or its root is another.</exception>
    internal static void Each(string xml, string root, Action<XmlReader, string> each)
    {
        try
        {
            foreach (var (reader, path) in Elements(xml, root)) each(reader, path);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"this is not the XML of libvirt: {e.Message}", e);
        }
    }

    private static IEnumerable<(XmlReader Reader, string Path)> Elements(string xml, string root)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true });
        var path = new List<string>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement) path.RemoveAt(path.Count - 1);
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.Depth > MaxDepth || (reader.Depth == 0 && reader.LocalName != root)) throw new InvalidDataException($"this is no {root} of libvirt's");
            path.Add(reader.LocalName);
            yield return (reader, string.Join('/', path));
            // Text was read up to the end of the element.
            if (reader.NodeType == XmlNodeType.EndElement || reader.IsEmptyElement) path.RemoveAt(path.Count - 1);
        }
    }

    /// <summary>The text of an element that has nothing but text.</summary>
    internal static string Text(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var text = "";
        while (reader.Read() && reader.NodeType is not XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element) throw new InvalidDataException($"there is an element {reader.LocalName} where libvirt has a text");
            text += reader.Value;
        }
        return text;
    }
}
