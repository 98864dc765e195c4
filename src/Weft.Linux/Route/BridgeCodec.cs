using System.Buffers.Binary;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>IFLA_INFO_DATA of a bridge.</summary>
internal static class BridgeCodec
{
    private const int USER_HZ = 100;

    internal static BridgeOptions Read(NetlinkAttribute data)
    {
        var a = new AttributeTable(data.Payload, data.Nested, stackalloc AttributeTable.Place[64]);
        return new BridgeOptions
        {
            StpState = a.Has(IflaBr.STP_STATE) ? a[IflaBr.STP_STATE].U32 != 0 : null,
            Priority = a.U16(IflaBr.PRIORITY),
            ForwardDelay = Time(a, IflaBr.FORWARD_DELAY),
            HelloTime = Time(a, IflaBr.HELLO_TIME),
            MaxAge = Time(a, IflaBr.MAX_AGE),
            AgeingTime = Time(a, IflaBr.AGEING_TIME),
            GroupForwardMask = a.U16(IflaBr.GROUP_FWD_MASK),
            VlanFiltering = a.Bool(IflaBr.VLAN_FILTERING),
            VlanProtocol = a.Has(IflaBr.VLAN_PROTOCOL) ? a[IflaBr.VLAN_PROTOCOL].Be16 : null,
            VlanDefaultPvid = a.U16(IflaBr.VLAN_DEFAULT_PVID),
            MulticastSnooping = a.Bool(IflaBr.MCAST_SNOOPING),
            MulticastQuerier = a.Bool(IflaBr.MCAST_QUERIER),
            NfCallIptables = a.Bool(IflaBr.NF_CALL_IPTABLES),
            NfCallIp6tables = a.Bool(IflaBr.NF_CALL_IP6TABLES),
            NfCallArptables = a.Bool(IflaBr.NF_CALL_ARPTABLES),
            BridgeId = Id(a[IflaBr.BRIDGE_ID].Payload),
            RootId = Id(a[IflaBr.ROOT_ID].Payload),
            RootPort = a.U16(IflaBr.ROOT_PORT),
        };
    }

    internal static void Write(NetlinkWriter w, BridgeOptions o)
    {
        PutTime(w, IflaBr.FORWARD_DELAY, o.ForwardDelay);
        PutTime(w, IflaBr.HELLO_TIME, o.HelloTime);
        PutTime(w, IflaBr.MAX_AGE, o.MaxAge);
        PutTime(w, IflaBr.AGEING_TIME, o.AgeingTime);
        if (o.StpState is { } stp) w.PutU32(IflaBr.STP_STATE, stp ? 1u : 0);
        Put(w, IflaBr.PRIORITY, o.Priority);
        Put(w, IflaBr.GROUP_FWD_MASK, o.GroupForwardMask);
        if (o.VlanProtocol is { } protocol) w.PutBe16(IflaBr.VLAN_PROTOCOL, protocol);
        Put(w, IflaBr.VLAN_DEFAULT_PVID, o.VlanDefaultPvid);
        Put(w, IflaBr.VLAN_FILTERING, o.VlanFiltering);
        Put(w, IflaBr.MCAST_SNOOPING, o.MulticastSnooping);
        Put(w, IflaBr.MCAST_QUERIER, o.MulticastQuerier);
        Put(w, IflaBr.NF_CALL_IPTABLES, o.NfCallIptables);
        Put(w, IflaBr.NF_CALL_IP6TABLES, o.NfCallIp6tables);
        Put(w, IflaBr.NF_CALL_ARPTABLES, o.NfCallArptables);
    }

    private static TimeSpan? Time(AttributeTable a, ushort type) =>
        a.Has(type) ? TimeSpan.FromMilliseconds(a[type].U32 * (1000.0 / USER_HZ)) : null;

    private static void PutTime(NetlinkWriter w, ushort type, TimeSpan? time)
    {
        if (time is { } t) w.PutU32(type, (uint)Math.Round(t.TotalSeconds * USER_HZ));
    }

    private static void Put(NetlinkWriter w, ushort type, bool? value)
    {
        if (value is { } v) w.PutU8(type, v ? (byte)1 : (byte)0);
    }

    private static void Put(NetlinkWriter w, ushort type, ushort? value)
    {
        if (value is { } v) w.PutU16(type, v);
    }

    private static string? Id(ReadOnlySpan<byte> id) =>
        id.Length == 8 ? $"{BinaryPrimitives.ReadUInt16BigEndian(id):x4}.{Convert.ToHexStringLower(id[2..])}" : null;
}
