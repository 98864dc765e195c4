namespace Weft.Linux.Route;

/// <summary>
/// Options of a bridge (IFLA_BR_*). When read, null means that this kernel does not tell; when set, null leaves what is.
/// The kernel keeps times in hundredths of a second.
/// </summary>
public sealed record BridgeOptions
{
    /// <summary>stp_state: the spanning tree protocol is spoken.</summary>
    public bool? StpState { get; init; }
    /// <summary>Bridge priority, 0 to 65535; the lowest becomes root.</summary>
    public ushort? Priority { get; init; }
    /// <summary>Time in listening and in learning, 2 to 30 s when STP is on.</summary>
    public TimeSpan? ForwardDelay { get; init; }
    /// <summary>Between hellos, 1 to 10 s.</summary>
    public TimeSpan? HelloTime { get; init; }
    /// <summary>How long a hello is believed, 6 to 40 s.</summary>
    public TimeSpan? MaxAge { get; init; }
    /// <summary>How long a learned MAC address is kept; zero floods everything.</summary>
    public TimeSpan? AgeingTime { get; init; }
    /// <summary>group_fwd_mask: bit n forwards 01:80:c2:00:00:0n.</summary>
    public ushort? GroupForwardMask { get; init; }
    /// <summary>vlan_filtering.</summary>
    public bool? VlanFiltering { get; init; }
    /// <summary>EtherType: 0x8100 or 0x88a8.</summary>
    public ushort? VlanProtocol { get; init; }
    /// <summary>vlan_default_pvid: of a new port; 0 for none.</summary>
    public ushort? VlanDefaultPvid { get; init; }
    /// <summary>mcast_snooping.</summary>
    public bool? MulticastSnooping { get; init; }
    /// <summary>mcast_querier.</summary>
    public bool? MulticastQuerier { get; init; }
    /// <summary>nf_call_iptables: bridged IPv4 goes through the IP hooks of netfilter.</summary>
    public bool? NfCallIptables { get; init; }
    /// <summary>nf_call_ip6tables: bridged IPv6 goes through the IP hooks of netfilter.</summary>
    public bool? NfCallIp6tables { get; init; }
    /// <summary>nf_call_arptables.</summary>
    public bool? NfCallArptables { get; init; }
    /// <summary>Read only: priority and MAC as "8000.02005e100001"; null when setting.</summary>
    public string? BridgeId { get; init; }
    /// <summary>Read only: that of the root of the spanning tree.</summary>
    public string? RootId { get; init; }
    /// <summary>Read only: number of the port towards the root; 0 when it is the root itself.</summary>
    public ushort? RootPort { get; init; }
}

/// <summary>State of a port in the spanning tree (BR_STATE_*, linux/if_bridge.h).</summary>
public enum BridgePortState : byte
{
    /// <summary>Down.</summary>
    Disabled = 0,
    /// <summary>Hears BPDUs, learns and forwards nothing.</summary>
    Listening = 1,
    /// <summary>Learns, does not forward yet.</summary>
    Learning = 2,
    /// <summary>Forwards.</summary>
    Forwarding = 3,
    /// <summary>Taken out to avoid a loop.</summary>
    Blocking = 4,
}

/// <summary>
/// Options of a port of a bridge (IFLA_BRPORT_*). When read, null means that this kernel does not tell; when set, null leaves what is.
/// </summary>
public sealed record BridgePortOptions
{
    /// <summary>State; can be set only when STP is off in the kernel.</summary>
    public BridgePortState? State { get; init; }
    /// <summary>Path cost, 1 to 65535.</summary>
    public uint? Cost { get; init; }
    /// <summary>0 to 63.</summary>
    public ushort? Priority { get; init; }
    /// <summary>Frames may go back by the port they came in.</summary>
    public bool? Hairpin { get; init; }
    /// <summary>guard: a BPDU that comes in disables the port.</summary>
    public bool? Guard { get; init; }
    /// <summary>root_block: the port never becomes root port.</summary>
    public bool? RootBlock { get; init; }
    /// <summary>fast_leave: one leave ends a multicast membership.</summary>
    public bool? FastLeave { get; init; }
    /// <summary>MAC addresses are learned.</summary>
    public bool? Learning { get; init; }
    /// <summary>flood: unicast frames to unknown addresses are sent.</summary>
    public bool? UnicastFlood { get; init; }
    /// <summary>mcast_flood.</summary>
    public bool? MulticastFlood { get; init; }
    /// <summary>bcast_flood.</summary>
    public bool? BroadcastFlood { get; init; }
    /// <summary>mcast_to_unicast.</summary>
    public bool? MulticastToUnicast { get; init; }
    /// <summary>isolated: talks only to ports that are not isolated.</summary>
    public bool? Isolated { get; init; }
    /// <summary>neigh_suppress: the bridge answers ARP and ND for what it knows.</summary>
    public bool? NeighbourSuppress { get; init; }
    /// <summary>proxy_arp.</summary>
    public bool? ProxyArp { get; init; }
    /// <summary>locked: frames of MAC addresses that are not in the FDB for this port are dropped.</summary>
    public bool? Locked { get; init; }
}
