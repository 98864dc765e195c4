using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>Bodies of RTM_NEWLINK and RTM_DELLINK.</summary>
internal static class LinkWriter
{
    internal const ushort VETH_INFO_PEER = 1;

    /// <summary>struct ifinfomsg, and the name when the link is told by name.</summary>
    internal static void Head(NetlinkWriter w, LinkRef link, LinkSettings? s = null)
    {
        var (flags, change) = FlagsOf(s);
        w.Struct(new IfInfoMsg { Index = link.Index, Flags = (uint)flags, Change = (uint)change });
        if (s?.Name is { } renamed) w.PutString(Ifla.IFNAME, renamed);
        else if (link.Index == 0 && link.Name is { } name) w.PutString(Ifla.IFNAME, name);
    }

    /// <summary>The attributes that RTM_NEWLINK takes when it makes a link as when it changes one.</summary>
    internal static void Attributes(NetlinkWriter w, LinkSettings s)
    {
        if (s.Mac is { } mac) w.PutMac(Ifla.ADDRESS, mac);
        if (s.Mtu is { } mtu) w.PutU32(Ifla.MTU, (uint)mtu);
        if (s.TxQueueLength is { } length) w.PutU32(Ifla.TXQLEN, length);
        if (s.Master is { } master) w.PutU32(Ifla.MASTER, (uint)master);
        if (s.Group is { } group) w.PutU32(Ifla.GROUP, group);
        if (s.NetNsDescriptor is { } descriptor) w.PutU32(Ifla.NET_NS_FD, (uint)descriptor);
    }

    /// <summary>The attributes that RTM_NEWLINK takes only when it changes a link.</summary>
    internal static void ChangeOnly(NetlinkWriter w, LinkSettings s)
    {
        if (s.Alias is { } alias) w.PutString(Ifla.IFALIAS, alias);
        if (s.AddrGenMode is null && s.Ipv4Forwarding is null) return;
        var spec = w.BeginNest(Ifla.AF_SPEC);
        if (s.Ipv4Forwarding is { } forwarding) Inet(w, forwarding);
        if (s.AddrGenMode is { } mode) Inet6(w, mode);
        w.EndNest(spec);
    }

    private static void Inet(NetlinkWriter w, bool forwarding)
    {
        var inet = w.BeginNest(Rtm.AF_INET);
        var conf = w.BeginNest(LinkDecoder.IFLA_INET_CONF);
        w.PutU32(LinkDecoder.IPV4_DEVCONF_FORWARDING, forwarding ? 1u : 0);
        w.EndNest(conf);
        w.EndNest(inet);
    }

    private static void Inet6(NetlinkWriter w, AddrGenMode mode)
    {
        var inet6 = w.BeginNest(Rtm.AF_INET6);
        w.PutU8(LinkDecoder.IFLA_INET6_ADDR_GEN_MODE, (byte)mode);
        w.EndNest(inet6);
    }

    /// <summary>IFLA_LINKINFO with a kind and its data.</summary>
    internal static void Info(NetlinkWriter w, string kind, Action<NetlinkWriter>? data)
    {
        var info = w.BeginNest(Ifla.LINKINFO);
        w.PutString(LinkDecoder.IFLA_INFO_KIND, kind);
        if (data is not null)
        {
            var nest = w.BeginNest(LinkDecoder.IFLA_INFO_DATA);
            data(w);
            w.EndNest(nest);
        }
        w.EndNest(info);
    }

    /// <summary>IFLA_LINKINFO with the options of a port of a bridge.</summary>
    internal static void PortInfo(NetlinkWriter w, BridgePortOptions port)
    {
        var info = w.BeginNest(Ifla.LINKINFO);
        w.PutString(LinkDecoder.IFLA_INFO_SLAVE_KIND, "bridge");
        var nest = w.BeginNest(LinkDecoder.IFLA_INFO_SLAVE_DATA);
        BridgePortCodec.Write(w, port);
        w.EndNest(nest);
        w.EndNest(info);
    }

    private static (LinkFlags Flags, LinkFlags Change) FlagsOf(LinkSettings? s)
    {
        LinkFlags flags = 0, change = 0;
        Flag(s?.Up, LinkFlags.Up);
        Flag(s?.AllMulticast, LinkFlags.AllMulticast);
        Flag(s?.Promiscuous, LinkFlags.Promiscuous);
        Flag(s?.NoArp, LinkFlags.NoArp);
        return (flags, change);

        void Flag(bool? value, LinkFlags flag)
        {
            if (value is not { } on) return;
            change |= flag;
            if (on) flags |= flag;
        }
    }
}
