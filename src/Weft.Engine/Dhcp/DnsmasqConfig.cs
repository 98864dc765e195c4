using System.Globalization;
using System.Net;
using System.Text;
using Weft.Core.Ipam;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>
/// dnsmasq's main configuration for a list of scopes. It has everything that dnsmasq reads only when it starts, and nothing else: machines and
/// extra names are in folders that it watches (<see cref="HostFiles"/>), so that they do not change the text.
/// </summary>
internal static class DnsmasqConfig
{
    /// <summary>Where the host itself asks for names of Weft's; any address of 127.0.0.0/8 is the host's own. 87 is Weft's number in routes too.</summary>
    internal static readonly IPAddress Loopback = new([127, 0, 0, 87]);

    /// <summary>A domain that cannot exist (RFC 6761).</summary>
    internal const string NoDomain = "weft.invalid";

    // A client's lease counts once; the ranges limit them already.
    private const int LeaseLimit = 1_000_000;
    // Queries waiting for an upstream answer; dnsmasq's own 150 is for one network.
    private const int ForwardLimit = 2000;
    // Names remembered; dnsmasq's own 150 is for a home.
    private const int CacheSize = 4000;

    /// <summary>The text without the paths of its own folder, and what names it.</summary>
    internal static (string Text, string Hash) Write(IReadOnlyCollection<DhcpScopeResource> scopes, DhcpPaths paths, string account)
    {
        var b = new StringBuilder("# Weft: written by weft, changes are lost\n");
        Common(b, paths, account);
        Dns(b, scopes, paths);
        foreach (var s in scopes.OrderBy(s => s.Link, StringComparer.Ordinal)) ScopeConfig.Write(b, s);
        var text = b.ToString();
        return (text, StableHash.Of(text).ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>What follows the text in the file: its own folder.</summary>
    internal static string Folders(string folder) => $"dhcp-hostsdir={folder}/{HostFiles.Hosts}\nhostsdir={folder}/{HostFiles.Names}\n";

    private static void Common(StringBuilder b, DhcpPaths paths, string account)
    {
        // bind-dynamic: an address that is not there (yet) is no reason to serve nobody, and one that comes back is served again.
        b.Append(CultureInfo.InvariantCulture, $"user={account}\npid-file={DnsmasqText.FilePath(paths.Pid)}\ndhcp-leasefile={DnsmasqText.FilePath(paths.Leases)}\n");
        b.Append("bind-dynamic\nexcept-interface=lo\nno-hosts\nquiet-ra\nenable-ra\ndhcp-authoritative\n");
        // Names count per domain: two networks may have a web1 each. Addresses in no range need a domain too.
        b.Append(CultureInfo.InvariantCulture, $"dhcp-fqdn\ndomain={NoDomain}\nlocal=/{NoDomain}/\n");
        // A guest must not become every client's proxy by its name (CERT VU#598349).
        b.Append("dhcp-name-match=set:wpad,wpad\ndhcp-ignore-names=tag:wpad\n");
        b.Append(CultureInfo.InvariantCulture, $"dhcp-lease-max={LeaseLimit}\n");
    }

    private static void Dns(StringBuilder b, IReadOnlyCollection<DhcpScopeResource> scopes, DhcpPaths paths)
    {
        var answering = scopes.Where(s => s.Dns).ToList();
        if (answering.Count == 0)
        {
            b.Append("port=0\n");
            return;
        }
        b.Append(CultureInfo.InvariantCulture, $"listen-address={Loopback}\ndns-forward-max={ForwardLimit}\ncache-size={CacheSize}\nauth-ttl=0\ndomain-needed\n");
        Upstream(b, answering, paths);
    }

    /// <summary>A network without a way out, unless it names servers itself.</summary>
    internal static bool AsksNobody(DhcpScopeResource s) => !s.Router && s.Forwarders.IsEmpty;

    // dnsmasq has one set of upstream servers for all who ask. A network without a way out asks for none.
    private static void Upstream(StringBuilder b, List<DhcpScopeResource> answering, DhcpPaths paths)
    {
        var asking = answering.Where(s => !AsksNobody(s)).ToList();
        b.Append(asking.Exists(s => s.Forwarders.IsEmpty) ? $"resolv-file={DnsmasqText.FilePath(paths.ResolvConf)}\n" : "no-resolv\n");
        foreach (var server in asking.SelectMany(s => s.Forwarders).Select(f => f.ToString()).Distinct().Order(StringComparer.Ordinal)) b.Append(CultureInfo.InvariantCulture, $"server={server}\n");
    }
}
