using System.Globalization;
using System.Text;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Machines and names in two folders that dnsmasq watches by inotify. A file that appears is read at once. In the folder of names a file that changes
/// or goes takes its names along; in the folder of hosts only SIGHUP makes dnsmasq forget, so a machine that is added gets a file of its own.
/// </summary>
internal static class HostFiles
{
    internal const string Hosts = "hosts", Names = "names";

    /// <summary>Writes all of a link's machines and names, instead of what is there.</summary>
    /// <param name="folder">Of the configuration that is in force, or will be.</param>
    /// <param name="link">Its link.</param>
    /// <param name="entry">What the link has.</param>
    internal static void WriteAll(string folder, string link, ManifestEntry entry)
    {
        if (entry.Scope is not { } scope) return;
        Replace(folder, Hosts, link, HostLines(entry.Hosts.Values));
        Replace(folder, Names, link, RecordLines(scope) + NameLines(scope, entry.Hosts.Values));
    }

    /// <summary>Writes all of a link's machines and names into a new folder.</summary>
    internal static void WriteNew(string folder, string link, ManifestEntry entry)
    {
        if (entry.Scope is not { } scope) return;
        foreach (var (part, text) in new[] { (Hosts, HostLines(entry.Hosts.Values)), (Names, RecordLines(scope) + NameLines(scope, entry.Hosts.Values)) })
            if (text.Length > 0) WholeFile.Write(Path.Combine(folder, part, link), text, WholeFile.Public, temporary: folder);
    }

    /// <summary>Adds machines that are new on a link.</summary>
    internal static void Add(string folder, DhcpScopeResource scope, IReadOnlyList<DhcpHostResource> hosts)
    {
        // A comma cannot be in a link's name; the first machine's MAC makes the name one of its own.
        var name = $"{scope.Link},{hosts[0].Mac.Value:x12}";
        if (scope.Dns) WholeFile.Write(Path.Combine(folder, Names, name), NameLines(scope, hosts), WholeFile.Public, temporary: folder);
        WholeFile.Write(Path.Combine(folder, Hosts, name), HostLines(hosts), WholeFile.Public, temporary: folder);
    }

    private static void Replace(string folder, string part, string link, string text)
    {
        foreach (var f in Directory.EnumerateFiles(Path.Combine(folder, part)).Where(f => Path.GetFileName(f).StartsWith($"{link},", StringComparison.Ordinal))) File.Delete(f);
        var path = Path.Combine(folder, part, link);
        if (text.Length > 0) WholeFile.Write(path, text, WholeFile.Public, temporary: folder);
        else File.Delete(path);
    }

    /// <summary>MAC, addresses, name: as dhcp-host has them.</summary>
    internal static string HostLines(IEnumerable<DhcpHostResource> hosts)
    {
        var b = new StringBuilder();
        foreach (var h in hosts)
            b.Append(CultureInfo.InvariantCulture, $"{h.Mac}{string.Concat(h.Addresses.Select(a => "," + DnsmasqText.Bracketed(a)))},{DnsmasqText.Name(h.Name)}\n");
        return b.ToString();
    }

    /// <summary>Address and name: as hosts(5) has them.</summary>
    private static string NameLines(DhcpScopeResource scope, IEnumerable<DhcpHostResource> hosts)
    {
        var b = new StringBuilder();
        if (scope.Dns)
            foreach (var h in hosts)
                foreach (var a in h.Addresses) b.Append(CultureInfo.InvariantCulture, $"{a} {DnsmasqText.Name($"{h.Name}.{scope.Domain}")}\n");
        return b.ToString();
    }

    private static string RecordLines(DhcpScopeResource scope)
    {
        var b = new StringBuilder();
        if (scope.Dns)
            foreach (var r in scope.Records) b.Append(CultureInfo.InvariantCulture, $"{r.Address} {DnsmasqText.Name($"{r.Name}.{scope.Domain}")}\n");
        return b.ToString();
    }
}
