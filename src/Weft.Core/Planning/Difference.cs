using System.Collections.Immutable;
using Weft.Core.Resources;

namespace Weft.Core.Planning;

/// <summary>Says what differs between two records of the same key.</summary>
public static class Difference
{
    /// <summary>Why a thing of somebody else's changes hands, and what else it becomes.</summary>
    internal static string Taking(Resource before, Resource after) => Named(before, after) is { Length: > 0 } other ? $"taken over; {other}" : "taken over as it is";

    /// <summary>"mtu 1500 -> 9000, stp off -> on"; "content" where no value can be named.</summary>
    public static string Between(Resource before, Resource after) => Named(before, after) is { Length: > 0 } named ? named : "content";

    private static string Named(Resource before, Resource after) =>
        string.Join(", ", Values(before).Zip(Values(after)).Where(p => p.First.Value != p.Second.Value).Select(p => $"{p.First.Name} {p.First.Value} -> {p.Second.Value}"));

    private static (string Name, string Value)[] Values(Resource r) => r switch
    {
        BridgeResource b =>
        [
            ("network", b.Network), ("mac", $"{b.Mac}"), ("mtu", $"{b.Mtu}"), ("stp", Stp(b.Stp)), ("vlan filtering", OnOff(b.VlanFiltering)), ("native vlan", $"{b.DefaultPvid}"),
            ("ageing", Or(b.AgeingSeconds, "s")), ("multicast snooping", OnOff(b.McastSnooping)), ("multicast querier", OnOff(b.McastQuerier)), ("host addresses", OnOff(b.HostAddresses)), ("link", UpDown(b.Up)),
            ("ipv6", OnOff(b.Ip.Ipv6)), ("accept_ra", Or(b.Ip.AcceptRa)), ("ipv4 forwarding", OnOff(b.Ip.Ipv4Forwarding)), ("ipv6 forwarding", OnOff(b.Ip.Ipv6Forwarding)),
            ("ipv6 force_forwarding", OnOff(b.Ip.Ipv6ForceForwarding)),
        ],
        VlanResource v => [("network", v.Network), ("parent", v.Parent), ("id", $"{v.Id}"), ("mtu", Or(v.Mtu)), ("link", UpDown(v.Up))],
        TapResource t =>
        [
            ("network", t.Network), ("bridge", t.Bridge), ("machine", t.Machine), ("mtu", $"{t.Mtu}"), ("multiqueue", OnOff(t.MultiQueue)), ("isolated", OnOff(t.Isolated)),
            ("hairpin", OnOff(t.Hairpin)), ("bpdu guard", OnOff(t.BpduGuard)), ("cost", Or(t.Cost)), ("vlans", Vlans(t.Vlans)), ("link", UpDown(t.Up)),
        ],
        UplinkResource u =>
        [
            ("network", u.Network), ("bridge", u.Bridge), ("mtu", Or(u.Mtu)), ("move addresses", OnOff(u.MoveAddresses)), ("cost", Or(u.Cost)), ("priority", Or(u.Priority)), ("vlans", Vlans(u.Vlans)),
        ],
        FdbResource f => [("network", f.Network)],
        LibvirtNetworkResource l => [("bridge", l.Bridge)],
        NftTableResource t => [("rules", t.Hash)],
        NftElementResource e => [("network", e.Network), ("value", string.Join(" . ", e.Data))],
        SysctlResource s => [("network", s.Network), ("value", s.Value)],
        AddressResource a => [("network", a.Network)],
        RouteResource o => [("network", o.Network), ("gateway", $"{o.Gateway}")],
        HostFileResource h => [("network", h.Network)],
        DhcpScopeResource d =>
        [
            ("network", d.Network), ("ranges", Join(d.Ranges.Select(x => $"{x.First}-{x.Last}"))), ("lease", $"{d.LeaseSeconds}s"), ("domain", d.Domain), ("mtu", $"{d.Mtu}"), ("dns", OnOff(d.Dns)),
            ("texts", Join(d.Texts.Select(x => $"{x.Name}={x.Text}"))), ("services", Join(d.Services.Select(x => $"{x.Name}={x.Target}:{x.Port}/{x.Priority}/{x.Weight}"))), ("dns servers", Join(d.DnsServers)), ("forwarders", Join(d.Forwarders)), ("records", Join(d.Records.Select(x => $"{x.Name}={x.Address}"))), ("router", OnOff(d.Router)),
        ],
        DhcpHostResource h => [("network", h.Network), ("name", h.Name), ("addresses", Join(h.Addresses))],
        _ => [],
    };

    private static string Stp(Spec.StpSpec s) =>
        s.Enabled ? $"on{Part("priority", s.Priority)}{Part("forward delay", s.ForwardDelay)}{Part("hello", s.Hello)}{Part("max age", s.MaxAge)}" : "off";

    private static string Part(string name, int? value) => value is null ? "" : $" {name} {value}";

    private static string Vlans(PortVlans? v) => v is null ? "none" : $"{v.Untagged?.ToString() ?? "-"}{string.Concat(v.Tagged.Select(t => $"+{t.First}-{t.Last}"))}";

    private static string Or(int? value, string unit = "") => value is null ? "unset" : $"{value}{unit}";

    private static string UpDown(bool up) => up ? "up" : "down";

    private static string OnOff(bool on) => on ? "on" : "off";

    private static string OnOff(bool? on) => on is { } known ? OnOff(known) : "unset";

    private static string Join<T>(IEnumerable<T> items) => string.Join(' ', items) is { Length: > 0 } text ? text : "none";
}
