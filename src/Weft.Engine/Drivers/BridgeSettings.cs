using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>A bridge as a record and as the kernel has it.</summary>
internal static class BridgeSettings
{
    private const int DefaultMtu = 1500;
    // Below it the kernel takes IPv6 off a link (RFC 8200, section 5), and its settings with it.
    private const int Ipv6Mtu = 1280;

    /// <summary>The record of a bridge; null when it is not Weft's.</summary>
    public static BridgeResource? Read(LinkInfo link) => LinkTag.TryParse(link.Alias, out var tag) ? Read(link, tag.Owner, tag.Network) : null;

    /// <summary>The record of a bridge, as one's that it may not be; null when the link is none.</summary>
    public static BridgeResource? Read(LinkInfo link, string owner, string network)
    {
        if (link.Bridge is not { } o || link.Mac is not { } mac) return null;
        return new BridgeResource(owner, network, link.Name)
        {
            Mac = mac.ToCore(),
            Mtu = link.Mtu,
            Stp = new StpSpec(o.StpState ?? false, o.Priority, Seconds(o.ForwardDelay), Seconds(o.HelloTime), Seconds(o.MaxAge)),
            VlanFiltering = o.VlanFiltering ?? false,
            DefaultPvid = o.VlanDefaultPvid ?? 1,
            AgeingSeconds = Seconds(o.AgeingTime),
            McastSnooping = o.MulticastSnooping ?? false,
            McastQuerier = o.MulticastQuerier ?? false,
            HostAddresses = link.AddrGenMode != AddrGenMode.None,
            Ip = BridgeIpSettings.Read(link),
            Up = link.IsUp,
        };
    }

    /// <summary>Makes a bridge that is not there; its tag is set in the same send, so that no crash leaves one without.</summary>
    public static void Create(RouteBatch batch, BridgeResource r, bool ipv6)
    {
        // An MTU that is set when the bridge is made, or set to what it is, follows that of the ports; only one that is changed later stays.
        var mtu = r.Mtu == DefaultMtu ? DefaultMtu - 1 : DefaultMtu;
        batch.NewBridge(r.Name, 0, new LinkSettings { Mac = r.Mac.ToLinux(), Mtu = mtu, Bridge = Options(r, new BridgeOptions()) });
        var gen = ipv6 && !r.HostAddresses && r.Mtu >= Ipv6Mtu ? AddrGenMode.None : (AddrGenMode?)null;
        // The kernel brings a link up before it looks at the mode in the same message.
        var up = r.Up ? true : (bool?)null;
        batch.SetLink(r.Name, new LinkSettings { Alias = LinkTag.Of(r).ToString(), Mtu = r.Mtu, AddrGenMode = gen, Ipv4Forwarding = r.Ip.Ipv4Forwarding, Up = gen is null ? up : null });
        if (gen is not null && r.Up) batch.SetLink(r.Name, new LinkSettings { Up = true });
    }

    /// <summary>Sets what differs.</summary>
    public static void Change(RouteBatch batch, LinkInfo there, BridgeResource r)
    {
        var alias = r.IsForeign ? "" : LinkTag.Of(r).ToString();
        var options = Options(r, there.Bridge!);
        var settings = new LinkSettings
        {
            Alias = (there.Alias ?? "") == alias ? null : alias,
            Mac = there.Mac == r.Mac.ToLinux() ? null : r.Mac.ToLinux(),
            Mtu = there.Mtu == r.Mtu ? null : r.Mtu,
            Bridge = options == new BridgeOptions() ? null : options,
            Ipv4Forwarding = r.Ip.Ipv4Forwarding == there.Ipv4Forwarding ? null : r.Ip.Ipv4Forwarding,
            Up = there.IsUp == r.Up ? null : r.Up,
        };
        if (settings != new LinkSettings()) batch.SetLink(there, settings);
        if (GenMode(there, r) is { } mode) batch.SetLink(there, new LinkSettings { AddrGenMode = mode });
    }

    // A link whose MTU was too small for IPv6 gets it anew, with the default mode.
    private static AddrGenMode? GenMode(LinkInfo there, BridgeResource r)
    {
        if (r.Mtu < Ipv6Mtu || (there.AddrGenMode is null && there.Mtu >= Ipv6Mtu)) return null;
        var isNone = there.AddrGenMode == AddrGenMode.None;
        return isNone != r.HostAddresses ? null : r.HostAddresses ? AddrGenMode.Eui64 : AddrGenMode.None;
    }

    // Only what differs, so that a kernel that has no VLAN filtering or snooping is not asked for it, and nothing is disturbed by being set again.
    private static BridgeOptions Options(BridgeResource r, BridgeOptions t) => new()
    {
        StpState = Unless(t.StpState ?? false, r.Stp.Enabled),
        Priority = r.Stp.Priority is { } p && p != t.Priority ? (ushort)p : null,
        ForwardDelay = Unless(t.ForwardDelay, r.Stp.ForwardDelay),
        HelloTime = Unless(t.HelloTime, r.Stp.Hello),
        MaxAge = Unless(t.MaxAge, r.Stp.MaxAge),
        AgeingTime = Unless(t.AgeingTime, r.AgeingSeconds),
        VlanFiltering = Unless(t.VlanFiltering ?? false, r.VlanFiltering),
        VlanDefaultPvid = r.VlanFiltering && r.DefaultPvid != (t.VlanDefaultPvid ?? 1) ? (ushort)r.DefaultPvid : null,
        MulticastSnooping = Unless(t.MulticastSnooping ?? true, r.McastSnooping),
        MulticastQuerier = Unless(t.MulticastQuerier ?? false, r.McastQuerier),
    };

    private static bool? Unless(bool there, bool wanted) => there == wanted ? null : wanted;

    private static TimeSpan? Unless(TimeSpan? there, int? wanted) => wanted is { } s && Seconds(there) != s ? TimeSpan.FromSeconds(s) : null;

    private static int? Seconds(TimeSpan? time) => time is { } t ? (int)Math.Round(t.TotalSeconds) : null;
}
