using Weft.Core.Resources;
using Weft.Linux.Libvirt;

namespace Weft.Engine.Machines;

/// <summary>
/// Where libvirtd keeps its networks (network_driver of libvirt: configDir, stateDir, dnsmasqStateDir). Looking there keeps nobody waiting for libvirtd, also when the machine starts.
/// </summary>
/// <param name="root">Root of the host's files.</param>
internal sealed class LibvirtFiles(string root)
{
    private string Definitions => Path.Combine(root, "etc/libvirt/qemu/networks");

    /// <summary>The definition of a network.</summary>
    public string Definition(string name) => Path.Combine(Definitions, $"{name}.xml");

    /// <summary>The state of a network that runs.</summary>
    public string Status(string name) => Path.Combine(root, "run/libvirt/network", $"{name}.xml");

    /// <summary>The number of the dnsmasq of a network.</summary>
    public string DnsmasqPid(string name) => Path.Combine(root, "run/libvirt/network", $"{name}.pid");

    /// <summary>What the DHCP server over a bridge has given out.</summary>
    public string Leases(string bridge) => Path.Combine(root, "var/lib/libvirt/dnsmasq", $"{bridge}.status");

    /// <summary>Whether libvirt takes it for a network's name, and so for that of a file.</summary>
    public static bool IsName(string name) => name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\n', '\0');

    /// <summary>The files in which a daemon of libvirt that has networks writes its number.</summary>
    public IEnumerable<string> DaemonPids => [Path.Combine(root, "run/virtnetworkd.pid"), Path.Combine(root, "run/libvirtd.pid")];

    /// <summary>The networks that were somebody else's and are Weft's now: by their definitions, so that it does not matter whether libvirtd runs yet.</summary>
    public IEnumerable<LibvirtNetworkResource> Adopted() => Names().Select(ReadAdopted).OfType<LibvirtNetworkResource>();

    /// <summary>One of them; null when there is none of that name, or it is not Weft's, or libvirtd still runs it as it was.</summary>
    public LibvirtNetworkResource? ReadAdopted(string name)
    {
        if (Text(Definition(name)) is not { } text || IsOurs(Text(Status(name))) == false || Parse(text) is not { IsOurs: true } xml) return null;
        return xml.IsListed ? null : new(xml.Project!, xml.Network!, xml.Name, xml.Bridge ?? "");
    }

    /// <summary>Names of the networks over a bridge that Weft made to list its own.</summary>
    public IEnumerable<string> Listed(string bridge) => Names().Select(n => Text(Definition(n))).OfType<string>().Select(Parse).Where(x => x is { IsListed: true } && x.Bridge == bridge).Select(x => x!.Name);

    /// <summary>A network of somebody else's as it is; null when there is none of that name, or it is Weft's.</summary>
    public LibvirtNetworkResource? ReadForeign(string name, string network)
    {
        if (Text(Definition(name)) is not { } definition || IsOurs(definition) != false) return null;
        var status = Text(Status(name));
        var bridge = status is null ? Parse(definition)?.Bridge : LibvirtXml.BridgeOfStatus(status);
        return new(Resource.Foreign, network, name, bridge ?? "") { Definition = definition, Status = status };
    }

    /// <summary>Whether a text of libvirt's is about a network of Weft's; null when there is none.</summary>
    public static bool? IsOurs(string? text) => text?.Contains($"=\"{LibvirtXml.Namespace}\"", StringComparison.Ordinal) == true || text?.Contains($"='{LibvirtXml.Namespace}'", StringComparison.Ordinal) == true ? true : text is null ? null : false;

    /// <summary>What is in a file; null when it is not there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private IEnumerable<string> Names() => Directory.Exists(Definitions) ? Directory.EnumerateFiles(Definitions, "*.xml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal) : [];

    private static NetworkXml? Parse(string xml)
    {
        try
        {
            return NetworkXml.Read(xml);
        }
        catch (InvalidDataException) // libvirt's own to tell of
        {
            return null;
        }
    }
}
