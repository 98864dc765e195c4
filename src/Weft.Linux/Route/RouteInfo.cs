using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weft.Linux.Route;

/// <summary>RTNH_F_* of linux/rtnetlink.h.</summary>
[Flags]
public enum NextHopFlags : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Dead: the link is down.</summary>
    Dead = 1,
    /// <summary>pervasive.</summary>
    Pervasive = 2,
    /// <summary>onlink: the gateway is taken to be on the link.</summary>
    OnLink = 4,
    /// <summary>Handed to hardware.</summary>
    Offload = 8,
    /// <summary>The link has no carrier.</summary>
    LinkDown = 16,
}

/// <summary>One way of a route with several.</summary>
public sealed record NextHop
{
    /// <summary>Interface index.</summary>
    public int OutLink { get; init; }
    /// <summary>Weight, 1 to 256.</summary>
    public int Weight { get; init; } = 1;
    /// <summary>Flags; those that the kernel sets itself are not sent.</summary>
    public NextHopFlags Flags { get; init; }
    /// <summary>Null on the link; of another family than the route for RTA_VIA.</summary>
    public IPAddress? Gateway { get; init; }
    /// <summary>What else it carries (encapsulation, realms), sent back unchanged.</summary>
    public ValueList<RawAttribute> Extra { get; init; } = [];
}

/// <summary>
/// A route (RTM_GETROUTE). Everything that the kernel tells is kept, so that one that was deleted can be made again exactly;
/// to move it to another link change <see cref="OutLink"/> (or those of <see cref="NextHops"/>).
/// </summary>
public sealed record RouteInfo
{
    private const int RTAX_MTU = 2, RTAX_ADVMSS = 8;

    /// <summary>AF_INET or AF_INET6.</summary>
    public required AddressFamily Family { get; init; }
    /// <summary>Where to; the default route is 0.0.0.0/0 or ::/0.</summary>
    public required IPNetwork Destination { get; init; }
    /// <summary>IPv6 only: routes packets from this prefix alone.</summary>
    public IPNetwork? Source { get; init; }
    /// <summary>RT_TABLE_*: 254 main, 255 local, 253 default.</summary>
    public uint Table { get; init; } = 254;
    /// <summary>RTA_PRIORITY: the lowest wins. The kernel makes 0 in IPv6 1024.</summary>
    public uint Metric { get; init; }
    /// <summary>RTN_*: 1 unicast, 2 local, 6 blackhole, 7 unreachable, 8 prohibit, 9 throw.</summary>
    public byte Type { get; init; } = 1;
    /// <summary>RT_SCOPE_*: 0 universe, 253 link, 254 host.</summary>
    public byte Scope { get; init; }
    /// <summary>RTPROT_*, who made it: 2 kernel, 3 boot, 4 static, 9 router advertisement, 16 dhcp.</summary>
    public byte Protocol { get; init; } = 4;
    /// <summary>Type of service; 0 for any.</summary>
    public byte Tos { get; init; }
    /// <summary>Flags; those that the kernel sets itself are not sent.</summary>
    public NextHopFlags Flags { get; init; }
    /// <summary>Null on the link; of another family than the route for RTA_VIA.</summary>
    public IPAddress? Gateway { get; init; }
    /// <summary>Interface index; 0 for none.</summary>
    public int OutLink { get; init; }
    /// <summary>RTA_PREFSRC: the address that packets of this host get.</summary>
    public IPAddress? PreferredSource { get; init; }
    /// <summary>Payload of RTA_METRICS: mtu, advmss, window, congestion control and so on, as the kernel has them.</summary>
    public ValueList<byte> Metrics { get; init; } = [];
    /// <summary>The ways of a route with several; empty otherwise.</summary>
    public ValueList<NextHop> NextHops { get; init; } = [];
    /// <summary>IPv6 only: 0 medium, 1 high, 3 low (RFC 4191); null when not told.</summary>
    public byte? Pref { get; init; }
    /// <summary>IPv6 only: seconds until it goes; null for ever.</summary>
    public uint? ExpiresSeconds { get; init; }
    /// <summary>Identifier of a nexthop object; null when there is none.</summary>
    public uint? NextHopId { get; init; }
    /// <summary>What else it carries (encapsulation, realms), sent back unchanged.</summary>
    public ValueList<RawAttribute> Extra { get; init; } = [];

    /// <summary>Bytes; null when the route sets none.</summary>
    public uint? Mtu => MetricOf(RTAX_MTU);
    /// <summary>Bytes of a TCP segment that peers are told; null when the route sets none.</summary>
    public uint? AdvMss => MetricOf(RTAX_ADVMSS);

    /// <summary>A metric of RTAX_*; null when the route sets none.</summary>
    public uint? MetricOf(int rtax)
    {
        var found = new Netlink.NetlinkReader(Metrics.Span).Find((ushort)rtax);
        return found.Payload.Length == 4 ? found.U32 : null;
    }

    /// <summary>The same route with a metric of RTAX_* more, or changed.</summary>
    public RouteInfo WithMetric(int rtax, uint value)
    {
        var bytes = new Netlink.NetlinkWriter(64);
        foreach (var a in new Netlink.NetlinkReader(Metrics.Span))
            if (a.Type != rtax) bytes.Put(a.Type, a.Payload);
        bytes.PutU32((ushort)rtax, value);
        return this with { Metrics = ValueList.Create<byte>(bytes.Written) };
    }

    /// <summary>Destination, gateway, table and metric.</summary>
    public override string ToString() =>
        $"{Destination}{(Gateway is null ? "" : $" via {Gateway}")}{(Table == 254 ? "" : $" table {Table}")}{(Metric == 0 ? "" : $" metric {Metric}")}";
}
