namespace Weft.Linux.Packet;

/// <summary>
/// Filters in classic BPF. A NIC that takes the tags off tagged frames hands them to packet sockets as if they had none: frames of VLANs are told by the
/// kernel's note only (SKF_AD_VLAN_TAG_PRESENT).
/// </summary>
internal static class PacketFilter
{
    private const ushort LD_W_ABS = 0x20, LD_H_ABS = 0x28, LD_B_ABS = 0x30, LD_H_IND = 0x48, LDX_B_MSH = 0xb1, JEQ_K = 0x15, JSET_K = 0x45, RET_K = 0x06;
    private const uint VlanTagPresent = 0xfffff000 + 48, Whole = uint.MaxValue; // SKF_AD_OFF
    private const uint NextHeader = 14 + 6, IcmpType = 14 + 40; // behind struct ethhdr
    private const uint EtherType = 12, Ip = 14, Protocol4 = Ip + 9, Fragment = Ip + 6, Udp6 = Ip + 40;

    /// <summary>All frames.</summary>
    internal static BpfInstruction[] All { get; } = [new(RET_K, 0, 0, Whole)];

    /// <summary>All frames without a tag.</summary>
    internal static BpfInstruction[] Untagged { get; } = [new(LD_W_ABS, 0, 0, VlanTagPresent), new(JEQ_K, 0, 1, 0), new(RET_K, 0, 0, Whole), new(RET_K, 0, 0, 0)];

    /// <summary>Neighbour solicitations and advertisements without a tag; those behind extension headers are not sent by anybody (RFC 6980).</summary>
    internal static BpfInstruction[] NeighbourDiscovery { get; } =
    [
        new(LD_W_ABS, 0, 0, VlanTagPresent), new(JEQ_K, 0, 6, 0),
        new(LD_B_ABS, 0, 0, NextHeader), new(JEQ_K, 0, 4, NdPacket.ICMPV6),
        new(LD_B_ABS, 0, 0, IcmpType), new(JEQ_K, 1, 0, NdPacket.Solicitation), new(JEQ_K, 0, 1, NdPacket.Advertisement),
        new(RET_K, 0, 0, Whole), new(RET_K, 0, 0, 0),
    ];

    /// <summary>UDP from a DHCP server to a client, IPv4 or IPv6, without a tag and in one piece.</summary>
    internal static BpfInstruction[] DhcpAnswers { get; } =
    [
        new(LD_W_ABS, 0, 0, VlanTagPresent), new(JEQ_K, 0, 19, 0),
        new(LD_H_ABS, 0, 0, EtherType), new(JEQ_K, 0, 9, 0x800),
        new(LD_B_ABS, 0, 0, Protocol4), new(JEQ_K, 0, 15, DhcpAnswer.UDP),
        new(LD_H_ABS, 0, 0, Fragment), new(JSET_K, 13, 0, 0x3fff),
        new(LDX_B_MSH, 0, 0, Ip), // the length of the IPv4 header
        new(LD_H_IND, 0, 0, Ip), new(JEQ_K, 0, 10, DhcpAnswer.ServerPort4),
        new(LD_H_IND, 0, 0, Ip + 2), new(JEQ_K, 7, 8, DhcpAnswer.ClientPort4),
        new(JEQ_K, 0, 7, PacketSocket.ETH_P_IPV6),
        new(LD_B_ABS, 0, 0, NextHeader), new(JEQ_K, 0, 5, DhcpAnswer.UDP),
        new(LD_H_ABS, 0, 0, Udp6), new(JEQ_K, 0, 3, DhcpAnswer.ServerPort6),
        new(LD_H_ABS, 0, 0, Udp6 + 2), new(JEQ_K, 0, 1, DhcpAnswer.ClientPort6),
        new(RET_K, 0, 0, Whole), new(RET_K, 0, 0, 0),
    ];
}
