namespace Weft.Linux.Route;

/// <summary>What a notification of rtnetlink is about.</summary>
public enum RouteNoticeKind
{
    /// <summary>A link (RTM_NEWLINK, RTM_DELLINK).</summary>
    Link,
    /// <summary>A link as port of a bridge, or a bridge, and its VLANs (the same of AF_BRIDGE).</summary>
    Port,
    /// <summary>An address.</summary>
    Address,
    /// <summary>A route.</summary>
    Route,
    /// <summary>An entry of a forwarding database.</summary>
    Fdb,
    /// <summary>A setting under net/ipv4/conf or net/ipv6/conf (RTM_NEWNETCONF).</summary>
    Setting,
}

/// <summary>A notification of rtnetlink: as much of it as tells whose object it is about, and of links what somebody may have set.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Gone">The object is gone; else it is new or other.</param>
/// <param name="LinkIndex">The link; 0 when it names none, negative for a setting of all links (NETCONFA_IFINDEX_ALL, _DEFAULT).</param>
public sealed record RouteNotice(RouteNoticeKind Kind, bool Gone, int LinkIndex)
{
    /// <summary>Of a <see cref="RouteNoticeKind.Link"/>.</summary>
    public LinkInfo? Link { get; init; }
    /// <summary>Of a <see cref="RouteNoticeKind.Port"/>; null of the bridge itself.</summary>
    public BridgePortOptions? Port { get; init; }
    /// <summary>Of a <see cref="RouteNoticeKind.Port"/>.</summary>
    public ValueList<BridgeVlan> Vlans { get; init; } = [];
    /// <summary>RTPROT_* of a route.</summary>
    public byte Protocol { get; init; }
    /// <summary>Of an <see cref="RouteNoticeKind.Fdb"/>.</summary>
    public FdbEntry? Fdb { get; init; }
}
