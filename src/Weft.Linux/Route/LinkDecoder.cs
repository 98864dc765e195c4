using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTM_NEWLINK and RTM_DELLINK.</summary>
internal static class LinkDecoder
{
    internal const ushort IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2, IFLA_INFO_SLAVE_KIND = 4, IFLA_INFO_SLAVE_DATA = 5;
    internal const ushort IFLA_INET_CONF = 1, IPV4_DEVCONF_FORWARDING = 1, IFLA_INET6_CONF = 2;
    private const int DEVCONF_FORWARDING = 0, DEVCONF_ACCEPT_RA = 3, DEVCONF_DISABLE_IPV6 = 26, DEVCONF_FORCE_FORWARDING = 59; // linux/ipv6.h
    internal const ushort IFLA_INET6_ADDR_GEN_MODE = 8, IFLA_VLAN_ID = 1, IFLA_VLAN_PROTOCOL = 5;

    /// <summary>Null for the messages that bridges send about their ports (AF_BRIDGE).</summary>
    internal static LinkInfo? Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<IfInfoMsg>(message, out var attributes);
        if (header.Family != Rtm.AF_UNSPEC) return null;
        var a = new AttributeTable(message, attributes, stackalloc AttributeTable.Place[64]);
        var info = a[Ifla.LINKINFO].Nested;
        var kind = TextOf(info.Find(IFLA_INFO_KIND));
        var slave = TextOf(info.Find(IFLA_INFO_SLAVE_KIND));
        var data = info.Find(IFLA_INFO_DATA);
        var inet6 = a[Ifla.AF_SPEC].Nested.Find(Rtm.AF_INET6);
        return new LinkInfo
        {
            Index = header.Index,
            Name = a[Ifla.IFNAME].Text,
            Type = header.Type,
            Kind = kind,
            SlaveKind = slave,
            Mac = Decode.Mac(a[Ifla.ADDRESS]),
            PermanentMac = Decode.Mac(a[Ifla.PERM_ADDRESS]),
            Mtu = (int)a[Ifla.MTU].U32,
            MinMtu = (int)a[Ifla.MIN_MTU].U32,
            MaxMtu = (int)a[Ifla.MAX_MTU].U32,
            Flags = (LinkFlags)header.Flags,
            MasterIndex = (int)a[Ifla.MASTER].U32,
            LinkIndex = (int)a[Ifla.LINK].U32,
            LinkNetnsId = (int?)a.U32(Ifla.LINK_NETNSID),
            Alias = a.Text(Ifla.IFALIAS),
            AltNames = AltNames(a[Ifla.PROP_LIST].Nested),
            OperState = (OperState)a[Ifla.OPERSTATE].U8,
            Carrier = a[Ifla.CARRIER].U8 != 0,
            Group = a[Ifla.GROUP].U32,
            TxQueueLength = a[Ifla.TXQLEN].U32,
            TxQueues = a[Ifla.NUM_TX_QUEUES].U32,
            RxQueues = a[Ifla.NUM_RX_QUEUES].U32,
            AddrGenMode = GenMode(inet6),
            Ipv4Forwarding = Ipv4Forwarding(a[Ifla.AF_SPEC].Nested.Find(Rtm.AF_INET)),
            Ipv6 = Ipv6(inet6),
            ParentDevice = a.Text(Ifla.PARENT_DEV_NAME),
            ParentBus = a.Text(Ifla.PARENT_DEV_BUS_NAME),
            VlanId = kind == "vlan" ? data.Nested.Find(IFLA_VLAN_ID).U16 : null,
            VlanProtocol = kind == "vlan" ? data.Nested.Find(IFLA_VLAN_PROTOCOL).Be16 : null,
            Bridge = kind == "bridge" ? BridgeCodec.Read(data) : null,
            Port = slave == "bridge" ? BridgePortCodec.Read(info.Find(IFLA_INFO_SLAVE_DATA)) : null,
            Tun = kind == "tun" ? Tun(data) : null,
            Statistics = a.Has(Ifla.STATS64) ? Statistics(a[Ifla.STATS64].Payload) : null,
        };
    }

    private static string? TextOf(NetlinkAttribute a) => a.Payload.IsEmpty ? null : Intern(a.Payload) ?? a.Text;

    // A host has thousands of links of few kinds.
    private static string? Intern(ReadOnlySpan<byte> kind) => kind.TrimEnd((byte)0) switch
    {
        var k when k.SequenceEqual("tun"u8) => "tun",
        var k when k.SequenceEqual("bridge"u8) => "bridge",
        var k when k.SequenceEqual("veth"u8) => "veth",
        var k when k.SequenceEqual("vlan"u8) => "vlan",
        _ => null,
    };

    private static ValueList<string> AltNames(NetlinkReader properties)
    {
        List<string>? names = null;
        foreach (var a in properties)
            if (a.Type == Ifla.ALT_IFNAME) (names ??= []).Add(a.Text);
        return names is null ? [] : new ValueList<string>([.. names]);
    }

    private static AddrGenMode? GenMode(NetlinkAttribute inet6)
    {
        var mode = inet6.Nested.Find(IFLA_INET6_ADDR_GEN_MODE);
        return mode.Payload.IsEmpty ? null : (AddrGenMode)mode.U8;
    }

    // The array begins with the value of IPV4_DEVCONF_* 1.
    private static bool? Ipv4Forwarding(NetlinkAttribute inet) =>
        Value(inet.Nested.Find(IFLA_INET_CONF).Payload, IPV4_DEVCONF_FORWARDING - 1) is { } value ? value != 0 : null;

    // A kernel tells as many values as it knows.
    private static Ipv6Conf? Ipv6(NetlinkAttribute inet6)
    {
        var conf = inet6.Nested.Find(IFLA_INET6_CONF).Payload;
        return Value(conf, DEVCONF_DISABLE_IPV6) is { } disabled
            ? new Ipv6Conf(disabled != 0, Value(conf, DEVCONF_ACCEPT_RA)!.Value, Value(conf, DEVCONF_FORWARDING) != 0, Value(conf, DEVCONF_FORCE_FORWARDING) is { } force ? force != 0 : null)
            : null;
    }

    private static int? Value(ReadOnlySpan<byte> array, int at) =>
        System.Runtime.InteropServices.MemoryMarshal.TryRead(array[Math.Min(at * sizeof(int), array.Length)..], out int value) ? value : null;

    private static TunInfo Tun(NetlinkAttribute data)
    {
        var a = new AttributeTable(data.Payload, data.Nested, stackalloc AttributeTable.Place[16]);
        return new TunInfo
        {
            IsTap = a[IflaTun.TYPE].U8 == 2,
            Persist = a[IflaTun.PERSIST].U8 != 0,
            MultiQueue = a[IflaTun.MULTI_QUEUE].U8 != 0,
            VnetHdr = a[IflaTun.VNET_HDR].U8 != 0,
            PacketInfo = a[IflaTun.PI].U8 != 0,
            Owner = a.U32(IflaTun.OWNER),
            Group = a.U32(IflaTun.GROUP),
            Queues = a[IflaTun.NUM_QUEUES].U32,
        };
    }

    private static LinkStatistics? Statistics(ReadOnlySpan<byte> stats)
    {
        if (stats.Length < 8 * sizeof(ulong)) return null;
        var s = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(stats);
        return new LinkStatistics(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
    }
}
