namespace Weft.Linux.Route;

/// <summary>IFF_* of linux/if.h.</summary>
[Flags]
public enum LinkFlags : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Switched on by the administrator.</summary>
    Up = 1,
    /// <summary>Sends to all at once.</summary>
    Broadcast = 2,
    /// <summary>The loopback link.</summary>
    Loopback = 8,
    /// <summary>Has one other end.</summary>
    PointToPoint = 0x10,
    /// <summary>Operational (RFC 2863).</summary>
    Running = 0x40,
    /// <summary>Answers no ARP.</summary>
    NoArp = 0x80,
    /// <summary>Takes in every frame.</summary>
    Promiscuous = 0x100,
    /// <summary>Takes in every multicast frame.</summary>
    AllMulticast = 0x200,
    /// <summary>Master of a bond or load balancer.</summary>
    Master = 0x400,
    /// <summary>Port of a bond or load balancer; not of a bridge.</summary>
    Slave = 0x800,
    /// <summary>Can do multicast.</summary>
    Multicast = 0x1000,
    /// <summary>Has carrier.</summary>
    LowerUp = 0x10000,
    /// <summary>Not yet to be used: authentication and the like are not done.</summary>
    Dormant = 0x20000,
}

/// <summary>IF_OPER_* of RFC 2863.</summary>
public enum OperState : byte
{
    /// <summary>The driver does not say.</summary>
    Unknown = 0,
    /// <summary>Some part is missing.</summary>
    NotPresent = 1,
    /// <summary>Down.</summary>
    Down = 2,
    /// <summary>A link below is down.</summary>
    LowerLayerDown = 3,
    /// <summary>In test.</summary>
    Testing = 4,
    /// <summary>Up but waiting for an external event.</summary>
    Dormant = 5,
    /// <summary>Ready to pass frames.</summary>
    Up = 6,
}

/// <summary>IN6_ADDR_GEN_MODE_*: how a link-local IPv6 address is made.</summary>
public enum AddrGenMode : byte
{
    /// <summary>From the MAC address.</summary>
    Eui64 = 0,
    /// <summary>Not at all.</summary>
    None = 1,
    /// <summary>From a secret that was set (RFC 7217).</summary>
    StablePrivacy = 2,
    /// <summary>From a secret that the kernel draws.</summary>
    Random = 3,
}

/// <summary>A link as RTM_GETLINK has it (rtnetlink(7), linux/if_link.h).</summary>
public sealed record LinkInfo
{
    /// <summary>Interface index.</summary>
    public required int Index { get; init; }
    /// <summary>Name; at most 15 bytes.</summary>
    public required string Name { get; init; }
    /// <summary>ARPHRD_*: 1 Ethernet, 772 loopback.</summary>
    public ushort Type { get; init; }
    /// <summary>IFLA_INFO_KIND: bridge, veth, vlan, tun...; null for hardware.</summary>
    public string? Kind { get; init; }
    /// <summary>IFLA_INFO_SLAVE_KIND: what kind of port it is, as "bridge"; null when it is none.</summary>
    public string? SlaveKind { get; init; }
    /// <summary>Null when the link has no Ethernet address.</summary>
    public MacAddress? Mac { get; init; }
    /// <summary>The address burnt in; null when unknown.</summary>
    public MacAddress? PermanentMac { get; init; }
    /// <summary>Bytes.</summary>
    public int Mtu { get; init; }
    /// <summary>Bytes; 0 when the driver has no bound.</summary>
    public int MinMtu { get; init; }
    /// <summary>Bytes; 0 when the driver has no bound.</summary>
    public int MaxMtu { get; init; }
    /// <summary>Flags.</summary>
    public LinkFlags Flags { get; init; }
    /// <summary>The bridge or bond it is a port of; 0 for none.</summary>
    public int MasterIndex { get; init; }
    /// <summary>IFLA_LINK: the link below, or the other end of a veth; 0 for none.</summary>
    public int LinkIndex { get; init; }
    /// <summary>IFLA_LINK_NETNSID: the namespace that <see cref="LinkIndex"/> is in, when it is another; else null.</summary>
    public int? LinkNetnsId { get; init; }
    /// <summary>Null when none was set.</summary>
    public string? Alias { get; init; }
    /// <summary>IFLA_ALT_IFNAME.</summary>
    public ValueList<string> AltNames { get; init; } = [];
    /// <summary>RFC 2863.</summary>
    public OperState OperState { get; init; }
    /// <summary>Has carrier.</summary>
    public bool Carrier { get; init; }
    /// <summary>IFLA_GROUP.</summary>
    public uint Group { get; init; }
    /// <summary>Frames.</summary>
    public uint TxQueueLength { get; init; }
    /// <summary>Queues made for sending.</summary>
    public uint TxQueues { get; init; }
    /// <summary>Queues made for receiving.</summary>
    public uint RxQueues { get; init; }
    /// <summary>Null when IPv6 is not on this link.</summary>
    public AddrGenMode? AddrGenMode { get; init; }
    /// <summary>IPv4 packets that come from it are forwarded (IFLA_INET_CONF); null when IPv4 is not on this link.</summary>
    public bool? Ipv4Forwarding { get; init; }
    /// <summary>Settings of IPv6; null when it is not on this link.</summary>
    public Ipv6Conf? Ipv6 { get; init; }
    /// <summary>IFLA_PARENT_DEV_NAME: the PCI address, as an example; null for virtual links.</summary>
    public string? ParentDevice { get; init; }
    /// <summary>IFLA_PARENT_DEV_BUS_NAME: "pci", "virtio"; null for virtual links.</summary>
    public string? ParentBus { get; init; }
    /// <summary>VLAN identifier of a vlan link; else null.</summary>
    public ushort? VlanId { get; init; }
    /// <summary>EtherType of a vlan link (0x8100, 0x88a8); else null.</summary>
    public ushort? VlanProtocol { get; init; }
    /// <summary>When it is a bridge.</summary>
    public BridgeOptions? Bridge { get; init; }
    /// <summary>When it is a port of a bridge.</summary>
    public BridgePortOptions? Port { get; init; }
    /// <summary>When it is a tap or tun.</summary>
    public TunInfo? Tun { get; init; }
    /// <summary>Counters at the time it was read.</summary>
    public LinkStatistics? Statistics { get; init; }

    /// <summary>Switched on by the administrator.</summary>
    public bool IsUp => (Flags & LinkFlags.Up) != 0;
    /// <summary>The loopback link.</summary>
    public bool IsLoopback => (Flags & LinkFlags.Loopback) != 0;
}

/// <summary>Settings of IPv6 on a link (IFLA_INET6_CONF: those of net/ipv6/conf/LINK).</summary>
/// <param name="Disabled">disable_ipv6.</param>
/// <param name="AcceptRa">accept_ra.</param>
/// <param name="Forwarding">forwarding.</param>
/// <param name="ForceForwarding">force_forwarding; null before Linux 6.17, which has none.</param>
public readonly record struct Ipv6Conf(bool Disabled, int AcceptRa, bool Forwarding, bool? ForceForwarding);

/// <summary>A tap or tun (IFLA_TUN_*).</summary>
public sealed record TunInfo
{
    /// <summary>Ethernet frames rather than IP packets.</summary>
    public bool IsTap { get; init; }
    /// <summary>Stays when nobody has it open.</summary>
    public bool Persist { get; init; }
    /// <summary>Made for several queues.</summary>
    public bool MultiQueue { get; init; }
    /// <summary>Frames carry struct virtio_net_hdr.</summary>
    public bool VnetHdr { get; init; }
    /// <summary>Frames carry struct tun_pi.</summary>
    public bool PacketInfo { get; init; }
    /// <summary>The user that may open it; null for none.</summary>
    public uint? Owner { get; init; }
    /// <summary>The group that may open it; null for none.</summary>
    public uint? Group { get; init; }
    /// <summary>Queues open now (only told for multi-queue).</summary>
    public uint Queues { get; init; }
}

/// <summary>Counters since the link was made (struct rtnl_link_stats64).</summary>
/// <param name="RxPackets">Received.</param>
/// <param name="TxPackets">Sent.</param>
/// <param name="RxBytes">Received.</param>
/// <param name="TxBytes">Sent.</param>
/// <param name="RxErrors">Bad frames received.</param>
/// <param name="TxErrors">Failed to send.</param>
/// <param name="RxDropped">Dropped though received well.</param>
/// <param name="TxDropped">Dropped before they were sent.</param>
public readonly record struct LinkStatistics(ulong RxPackets, ulong TxPackets, ulong RxBytes, ulong TxBytes,
    ulong RxErrors, ulong TxErrors, ulong RxDropped, ulong TxDropped);
