using System.Text;
using System.Text.Json;
using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>What one link is to be served with.</summary>
internal sealed class ManifestEntry
{
    internal DhcpScopeResource? Scope { get; set; }
    internal SortedDictionary<ulong, DhcpHostResource> Hosts { get; } = [];
    internal bool IsEmpty => Scope is null && Hosts.Count == 0;

    internal IEnumerable<Resource> Resources => Scope is null ? Hosts.Values : Hosts.Values.Cast<Resource>().Prepend(Scope);

    internal void Add(Resource resource)
    {
        if (resource is DhcpScopeResource scope) Scope = scope;
        else if (resource is DhcpHostResource host) Hosts[host.Mac.Value] = host;
        else throw new ArgumentException($"{resource.Key} is none of DHCP's");
    }
}

/// <summary>
/// The scopes and machines that are served: from it all of dnsmasq's files are made, and from it they are read back. One file for each link, so
/// that a machine more costs what its network has, not what the host has.
/// </summary>
internal sealed class Manifest(string folder)
{
    // Lines are resources; the last line says that the file is whole.
    private const string End = "end";

    internal IEnumerable<string> Links => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => f[0] != '.').Order(StringComparer.Ordinal) : [];

    /// <summary>Reads a link's entry; an empty one when there is none.</summary>
    /// <exception cref="DhcpException">The file is damaged.</exception>
    internal ManifestEntry Read(string link)
    {
        var entry = new ManifestEntry();
        var path = Path.Combine(folder, link);
        if (!File.Exists(path)) return entry;
        var lines = File.ReadAllLines(path);
        if (lines is not [.., End]) throw Damaged(path, "its end is missing");
        foreach (var line in lines.AsSpan(..^1)) entry.Add(ReadLine(path, line));
        return entry;
    }

    private static Resource ReadLine(string path, string line)
    {
        try
        {
            return ResourceJson.ReadResource(line) is (DhcpScopeResource or DhcpHostResource) and var r ? r : throw Damaged(path, "a line is neither a scope nor a machine");
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message, e);
        }
    }

    /// <summary>Reads a link's entry while no dnsmasq runs: a damaged one serves nobody, and is written anew.</summary>
    internal ManifestEntry ReadOrDrop(string link)
    {
        try
        {
            return Read(link);
        }
        catch (DhcpException)
        {
            return new ManifestEntry(); // the machine stopped while it was written; every resource of it is seen as missing
        }
    }

    /// <summary>Reads a link's scope, without reading its machines: it stands first.</summary>
    internal DhcpScopeResource? ReadScope(string link)
    {
        var path = Path.Combine(folder, link);
        return File.Exists(path) && File.ReadLines(path).FirstOrDefault() is { } line && line != End ? ReadLine(path, line) as DhcpScopeResource : null;
    }

    /// <summary>Reads one machine, without reading the others of its link.</summary>
    internal DhcpHostResource? ReadHost(string link, MacAddress mac)
    {
        var path = Path.Combine(folder, link);
        if (!File.Exists(path)) return null;
        var sought = $"\"mac\":\"{mac}\"";
        var line = File.ReadLines(path).FirstOrDefault(l => l.Contains(sought, StringComparison.Ordinal));
        return line is null ? null : ReadLine(path, line) as DhcpHostResource;
    }

    /// <summary>Writes a link's entry; the file of an empty one goes.</summary>
    internal void Write(string link, ManifestEntry entry)
    {
        var path = Path.Combine(folder, link);
        if (entry.IsEmpty)
        {
            if (Directory.Exists(folder)) File.Delete(path);
            return;
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var text = new StringBuilder();
        foreach (var r in entry.Resources) text.Append(ResourceJson.Write(r)).Append('\n');
        WholeFile.Write(path, text.Append(End).Append('\n').ToString(), WholeFile.Private);
    }

    private static DhcpException Damaged(string path, string what, Exception? inner = null) =>
        new($"read {path}: {what}; delete the file: the network's DHCP is then shown as missing, and applying it again writes the file anew", inner);
}
