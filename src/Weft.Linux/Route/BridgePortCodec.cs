using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>IFLA_INFO_SLAVE_DATA of a port of a bridge.</summary>
internal static class BridgePortCodec
{
    internal static BridgePortOptions Read(NetlinkAttribute data)
    {
        var a = new AttributeTable(data.Payload, data.Nested, stackalloc AttributeTable.Place[64]);
        return new BridgePortOptions
        {
            State = a.Has(IflaBrport.STATE) ? (BridgePortState)a[IflaBrport.STATE].U8 : null,
            Cost = a.U32(IflaBrport.COST),
            Priority = a.U16(IflaBrport.PRIORITY),
            Hairpin = a.Bool(IflaBrport.MODE),
            Guard = a.Bool(IflaBrport.GUARD),
            RootBlock = a.Bool(IflaBrport.PROTECT),
            FastLeave = a.Bool(IflaBrport.FAST_LEAVE),
            Learning = a.Bool(IflaBrport.LEARNING),
            UnicastFlood = a.Bool(IflaBrport.UNICAST_FLOOD),
            MulticastFlood = a.Bool(IflaBrport.MCAST_FLOOD),
            BroadcastFlood = a.Bool(IflaBrport.BCAST_FLOOD),
            MulticastToUnicast = a.Bool(IflaBrport.MCAST_TO_UCAST),
            Isolated = a.Bool(IflaBrport.ISOLATED),
            NeighbourSuppress = a.Bool(IflaBrport.NEIGH_SUPPRESS),
            ProxyArp = a.Bool(IflaBrport.PROXYARP),
            Locked = a.Bool(IflaBrport.LOCKED),
        };
    }

    internal static void Write(NetlinkWriter w, BridgePortOptions o)
    {
        if (o.State is { } state) w.PutU8(IflaBrport.STATE, (byte)state);
        if (o.Cost is { } cost) w.PutU32(IflaBrport.COST, cost);
        if (o.Priority is { } priority) w.PutU16(IflaBrport.PRIORITY, priority);
        Put(w, IflaBrport.MODE, o.Hairpin);
        Put(w, IflaBrport.GUARD, o.Guard);
        Put(w, IflaBrport.PROTECT, o.RootBlock);
        Put(w, IflaBrport.FAST_LEAVE, o.FastLeave);
        Put(w, IflaBrport.LEARNING, o.Learning);
        Put(w, IflaBrport.UNICAST_FLOOD, o.UnicastFlood);
        Put(w, IflaBrport.MCAST_FLOOD, o.MulticastFlood);
        Put(w, IflaBrport.BCAST_FLOOD, o.BroadcastFlood);
        Put(w, IflaBrport.MCAST_TO_UCAST, o.MulticastToUnicast);
        Put(w, IflaBrport.ISOLATED, o.Isolated);
        Put(w, IflaBrport.NEIGH_SUPPRESS, o.NeighbourSuppress);
        Put(w, IflaBrport.PROXYARP, o.ProxyArp);
        Put(w, IflaBrport.LOCKED, o.Locked);
    }

    private static void Put(NetlinkWriter w, ushort type, bool? value)
    {
        if (value is { } v) w.PutU8(type, v ? (byte)1 : (byte)0);
    }
}
