using System.Collections.Immutable;
using System.Net;
using Weft.Core.Ipam;

namespace Weft.Core.Model;

/// <summary>A link of the host, as far as planning needs it.</summary>
public sealed record HostLink(int Index, string Name, string Kind, MacAddress? Mac, int Mtu)
{
    /// <summary>IFF_UP.</summary>
    public bool Up { get; init; }
    /// <summary>IFF_LOWER_UP.</summary>
    public bool Carrier { get; init; }
    /// <summary>IFF_LOOPBACK.</summary>
    public bool Loopback { get; init; }
    /// <summary>A wireless station: most access points drop frames of other MACs.</summary>
    public bool Wireless { get; init; }
    /// <summary>Name of the bridge or bond it is a port of.</summary>
    public string? Master { get; init; }
    /// <summary>Smallest MTU the driver allows; bytes, 0 unknown.</summary>
    public int MinMtu { get; init; }
    /// <summary>Largest MTU the driver allows; bytes, 0 unknown.</summary>
    public int MaxMtu { get; init; }
    /// <summary>IFLA_IFALIAS: "weft:PROJECT:NETWORK..." on links of ours.</summary>
    public string? Alias { get; init; }
    /// <summary>Driver's name; null where unknown.</summary>
    public string? Driver { get; init; }

    /// <summary>It is Weft's, of whatever project.</summary>
    public bool IsOurs => LinkTag.IsOurs(Alias);

    /// <summary>It is this project's.</summary>
    public bool IsOf(string project) => LinkTag.TryParse(Alias, out var tag) && tag.Owner == project;
}

/// <summary>An address on a link.</summary>
public sealed record HostAddress(string Link, IpPrefix Address, bool Permanent, int Scope)
{
    /// <summary>RT_SCOPE_LINK (linux/rtnetlink.h): an address that counts on its link only.</summary>
    public const int LinkScope = 253;
    /// <summary>IFA_PROTO, who added it; 0 where the kernel (before 5.18) does not say.</summary>
    public int Protocol { get; init; }
}

/// <summary>A route of the main tables.</summary>
public sealed record HostRoute(IpPrefix Destination, string? Link, IPAddress? Gateway, int Table, int Metric, int Protocol);

/// <summary>
/// Who configures a NIC besides Weft, or would if Weft's own drop-in did not hand it over: the answer must be the same before and after
/// the drop-in is there, else the next plan would take it away.
/// </summary>
/// <param name="Link">The NIC.</param>
/// <param name="Manager">networkmanager, networkd, netplan, ifupdown, dhclient, dhcpcd.</param>
/// <param name="Evidence">File, connection or process that says so.</param>
/// <param name="Dhcp">Its address comes from DHCP.</param>
public sealed record NicManager(string Link, string Manager, string Evidence, bool Dhcp)
{
    /// <summary>
    /// What goes with the addresses to a bridge, in the manager's own words: of networkd the sections of a .network file that are about layer 3; null when that is not
    /// known.
    /// </summary>
    public string? Settings { get; init; }
    /// <summary>Nobody could go on with its lease on a bridge: the address would end with the lease.</summary>
    public bool LeaseEnds { get; init; }
}

/// <summary>A base chain of somebody else's that may drop what Weft forwards, or what machines ask the host for.</summary>
/// <param name="Tool">docker, firewalld, ufw, libvirt, or "".</param>
/// <param name="Chain">"ip filter FORWARD".</param>
/// <param name="Reason">"policy drop" or the rule.</param>
/// <param name="Remedy">The tool's own supported way to let Weft's networks through, in which BRIDGE stands for a network's bridge; null when there is none known.</param>
public sealed record ForeignFilter(string Tool, string Chain, string Reason, string? Remedy)
{
    /// <summary>The way for one network.</summary>
    public string? RemedyFor(string bridge) => Remedy?.Replace("BRIDGE", bridge, StringComparison.Ordinal);

    /// <summary>Links that it lets through all the same; with * at the end, those whose names begin so.</summary>
    public ImmutableArray<string> Admits { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether it drops nothing of a network.</summary>
    public bool LetsThrough(string bridge) => Admits.Any(a => a == bridge || (a.EndsWith('*') && bridge.StartsWith(a[..^1], StringComparison.Ordinal)));

    /// <summary>It is on the way to the host itself: requests of DHCP and DNS pass it, forwarded packets do not.</summary>
    public bool Input { get; init; }
}

/// <summary>A TCP socket that the host answers on.</summary>
/// <param name="Address">Its address; the unspecified one for all of its family.</param>
/// <param name="Port">Its port.</param>
public sealed record HostListener(IPAddress Address, int Port);

/// <summary>What planning must know of a host besides the resources Weft owns. A snapshot; no I/O behind it.</summary>
public sealed record HostModel
{
    /// <summary>Links.</summary>
    public ImmutableArray<HostLink> Links { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Addresses.</summary>
    public ImmutableArray<HostAddress> Addresses { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Routes.</summary>
    public ImmutableArray<HostRoute> Routes { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Addresses seen on the wire (neighbour tables), so that a free subnet is truly free.</summary>
    public ImmutableArray<IPAddress> Neighbours { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Other managers of NICs.</summary>
    public ImmutableArray<NicManager> Managers { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Filters of others.</summary>
    public ImmutableArray<ForeignFilter> Filters { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>TCP sockets that the host answers on.</summary>
    public ImmutableArray<HostListener> Listeners { get => field.IsDefault ? [] : field; init; } = [];
    /// <summary>Features of the kernel that were probed: <see cref="HostFeatures"/>.</summary>
    public ImmutableHashSet<string> Features { get => field ?? []; init; } = [];
    /// <summary>Sysctls read, by path under /proc/sys: <see cref="HostSysctls"/>.</summary>
    public ImmutableDictionary<string, string> Sysctls { get => field ?? ImmutableDictionary<string, string>.Empty; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The same with the bridges that networks have taken over, or are to take over, as theirs: who checks a project must not find its own bridge in the way.</summary>
    /// <param name="networks">The networks.</param>
    public HostModel With(IEnumerable<NetworkAllocation> networks)
    {
        var adopted = networks.Where(n => n.Adopted is not null).ToDictionary(n => n.Bridge);
        if (adopted.Count == 0) return this;
        return this with { Links = [.. Links.Select(l => !l.IsOurs && adopted.TryGetValue(l.Name, out var n) ? l with { Alias = new LinkTag(n.Project, n.Network).ToString() } : l)] };
    }

    /// <summary>The link of that name, or null.</summary>
    public HostLink? Link(string name)
    {
        foreach (var link in Links)
            if (link.Name == name) return link;
        return null;
    }
}
