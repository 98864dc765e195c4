namespace Weft.Linux.Packet;

/// <summary>
/// Filters in classic BPF. A NIC that takes the tags off tagged frames hands them to packet sockets as if they had none: frames of VLANs are told by the
/// kernel's note only (SKF_AD_VLAN_TAG_PRESENT).
/// </summary>
internal static class PacketFilter
{
    private const ushort LD_W_ABS = 0x20, LD_B_ABS = 0x30, JEQ_K = 0x15, RET_K = 0x06;
    private const uint VlanTagPresent = 0xfffff000 + 48, Whole = uint.MaxValue; // SKF_AD_OFF
    private const uint NextHeader = 14 + 6, IcmpType = 14 + 40; // behind struct ethhdr

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
}
