using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

public sealed partial class RouteBatch
{
    /// <summary>Makes a bridge.</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <param name="settings">What else is set; it comes up last.</param>
    public RouteBatch NewBridge(string name, int index = 0, LinkSettings? settings = null) =>
        New("bridge", name, index, settings, 0, settings?.Bridge is { } o ? w => BridgeCodec.Write(w, o) : null);

    /// <summary>Makes a VLAN of a link.</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="parent">Interface index of the link below.</param>
    /// <param name="vid">1 to 4094.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <param name="settings">What else is set; it comes up last.</param>
    /// <param name="protocol">EtherType: 0x8100 or 0x88a8.</param>
    public RouteBatch NewVlan(string name, int parent, ushort vid, int index = 0, LinkSettings? settings = null, ushort protocol = 0x8100) =>
        New("vlan", name, index, settings, parent, w =>
        {
            w.PutU16(LinkDecoder.IFLA_VLAN_ID, vid);
            if (protocol != 0x8100) w.PutBe16(LinkDecoder.IFLA_VLAN_PROTOCOL, protocol);
        });

    /// <summary>Makes a link of a kind that needs no data of its own: dummy, ifb.</summary>
    /// <param name="kind">IFLA_INFO_KIND.</param>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <param name="settings">What else is set; it comes up last.</param>
    public RouteBatch NewLink(string kind, string name, int index = 0, LinkSettings? settings = null) =>
        New(kind, name, index, settings, 0, null);

    /// <summary>Makes a dummy link.</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <param name="settings">What else is set; it comes up last.</param>
    public RouteBatch NewDummy(string name, int index = 0, LinkSettings? settings = null) => NewLink("dummy", name, index, settings);

    /// <summary>Makes a pair of links, each the other's far end.</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="peer">Name of the other one.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <param name="peerIndex">The interface index the other one is to have; 0 for the next free one.</param>
    /// <param name="settings">What else is set on it.</param>
    /// <param name="peerSettings">
    /// What else is set on the other one. With <see cref="LinkSettings.NetNsDescriptor"/> it is made in that network namespace, with its
    /// MAC and MTU; the rest is to be set there.
    /// </param>
    public RouteBatch NewVeth(string name, string peer, int index = 0, int peerIndex = 0, LinkSettings? settings = null, LinkSettings? peerSettings = null)
    {
        var made = new LinkSettings { Mac = peerSettings?.Mac, Mtu = peerSettings?.Mtu, NetNsDescriptor = peerSettings?.NetNsDescriptor };
        // IFF_UP inside VETH_INFO_PEER fails with ENOTCONN: the peer comes up afterwards.
        New("veth", name, index, settings, 0, w =>
        {
            var nest = w.BeginNest(LinkWriter.VETH_INFO_PEER);
            LinkWriter.Head(w, new LinkRef(peerIndex, null), new LinkSettings { Name = peer });
            LinkWriter.Attributes(w, made);
            w.EndNest(nest);
        });
        if (peerSettings is null || made.NetNsDescriptor is not null) return this;
        if (peerIndex != 0) Know(peerIndex, peer);
        return SetLink(new LinkRef(peerIndex, peer), peerSettings with { Mac = null, Mtu = null });
    }

    /// <summary>Changes a link. Options of a bridge port are set after it became one and before it comes up.</summary>
    /// <exception cref="ArgumentException">A new name for a link that is told by name.</exception>
    public RouteBatch SetLink(LinkRef link, LinkSettings settings)
    {
        if (settings.Name is not null && link.Index == 0)
            throw new ArgumentException($"to rename {link.Name} its index is needed", nameof(link));
        var hasPort = settings.Port is not null;
        var first = hasPort ? settings with { Port = null, Up = settings.Up == false ? false : null } : settings;
        if (first != new LinkSettings()) Change(link, first);
        if (hasPort) Change(link, new LinkSettings { Port = settings.Port, Up = settings.Up == true ? true : null });
        return this;
    }

    /// <summary>Changes all links of a group: up or down, MTU, MAC.</summary>
    public RouteBatch SetGroup(uint group, LinkSettings settings)
    {
        var w = Begin(Rtm.NEWLINK, Nlm.F_REQUEST, () => $"set links of group {group}: {settings}");
        LinkWriter.Head(w, default, settings);
        LinkWriter.Attributes(w, settings with { Group = group });
        w.End();
        return this;
    }

    /// <summary>Deletes a link.</summary>
    public RouteBatch DelLink(LinkRef link)
    {
        LinkWriter.Head(Begin(Rtm.DELLINK, Nlm.F_REQUEST, () => $"delete {NameOf(link)}"), link);
        Writer.End();
        return this;
    }

    /// <summary>Deletes all links of a group at once, which costs the kernel far less than one by one.</summary>
    /// <exception cref="ArgumentException">Group 0, which every link is in at first.</exception>
    public RouteBatch DelGroup(uint group)
    {
        if (group == 0) throw new ArgumentException("group 0 is that of all links that have none", nameof(group));
        var w = Begin(Rtm.DELLINK, Nlm.F_REQUEST, () => $"delete the links of group {group}");
        LinkWriter.Head(w, default);
        w.PutU32(Ifla.GROUP, group).End();
        return this;
    }

    private RouteBatch New(string kind, string name, int index, LinkSettings? settings, int below, Action<NetlinkWriter>? data)
    {
        if (index != 0) Know(index, name);
        var s = settings ?? new LinkSettings();
        var later = s.Alias is not null || s.AddrGenMode is not null || s.Ipv4Forwarding is not null || s.Port is not null;
        var first = new LinkRef(index, name);
        var w = Begin(Rtm.NEWLINK, Create, () => $"create {kind} {name}");
        LinkWriter.Head(w, first, s with { Name = name, Up = later ? null : s.Up });
        if (below != 0) w.PutU32(Ifla.LINK, (uint)below);
        LinkWriter.Attributes(w, s);
        LinkWriter.Info(w, kind, data);
        w.End();
        return later
            ? SetLink(first, new LinkSettings { Alias = s.Alias, AddrGenMode = s.AddrGenMode, Ipv4Forwarding = s.Ipv4Forwarding, Port = s.Port, Up = s.Up })
            : this;
    }

    private void Change(LinkRef link, LinkSettings s)
    {
        var w = Begin(Rtm.NEWLINK, Nlm.F_REQUEST, () => $"set {NameOf(link)}: {Named(s)}");
        LinkWriter.Head(w, link, s);
        LinkWriter.Attributes(w, s);
        LinkWriter.ChangeOnly(w, s);
        if (s.Bridge is { } bridge) LinkWriter.Info(w, "bridge", o => BridgeCodec.Write(o, bridge));
        if (s.Port is { } port) LinkWriter.PortInfo(w, port);
        w.End();
    }

    private string Named(LinkSettings s) =>
        s.Master is { } m and not 0 ? s.ToString().Replace($"master {m}", $"master {NameOf(m)}", StringComparison.Ordinal) : s.ToString();
}
