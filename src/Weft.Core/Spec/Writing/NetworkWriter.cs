using System.Collections.Immutable;

namespace Weft.Core.Spec.Writing;

/// <summary>Writes networks.</summary>
internal static class NetworkWriter
{
    private static readonly BridgeOptionsSpec NoOptions = new();
    private const int Lease = 3600;

    /// <summary>The value of networks.NAME.</summary>
    public static YamlMap Write(NetworkSpec n)
    {
        var map = new YamlMap { Block = true }.Text("mode", n.Mode);
        if (n is BridgeNetworkSpec b) map.Add("uplink", Uplink(b.Uplink));
        if (n is NatNetworkSpec nat) Head(map, nat);
        map.Text("bridge", n.Bridge).Number("mtu", n.Mtu).List("subnets", n.Subnets.Select(Subnet)).List("routes", n.Routes.Select(Route)).Add("dhcp", Dhcp(n.Dhcp)).Add("dns", Dns(n.Dns))
            .Add("stp", Stp(n.Stp)).Add("options", Options(n.Options)).Add("vlan", Vlan(n.Vlan)).List("fdb", n.Fdb.Select(Fdb));
        if (n.DefaultPort != DefaultPort.Block) map.Text("default_port", n.DefaultPort.ToString().ToLowerInvariant());
        if (n is NatNetworkSpec outer) ForwardWriter.Write(map, outer);
        return map;
    }

    private static void Head(YamlMap map, NatNetworkSpec n)
    {
        if (n.Nat != NatKind.Masquerade) map.Text("nat", n.Nat.ToString().ToLowerInvariant());
        map.Text("uplink", n.Uplink);
    }

    private static object? Uplink(UplinkSpec? u)
    {
        if (u is null) return null;
        if (u is { Vlan: null, Cost: null, Priority: null, MoveAddresses: true }) return YamlText.Scalar(u.Link);
        return new YamlMap().Text("link", u.Link).Number("vlan", u.Vlan).Number("cost", u.Cost).Number("priority", u.Priority).Flag("move_addresses", u.MoveAddresses, true);
    }

    private static object Subnet(SubnetSpec s)
    {
        if (s is { Gateway: null, Pool: null, Exclude.IsEmpty: true }) return YamlText.Scalar(s.Prefix.ToString());
        return new YamlMap().Text("prefix", s.Prefix).Text("gateway", s.Gateway).Text("pool", Range(s.Pool)).Texts("exclude", s.Exclude.Select(r => Range(r)!));
    }

    /// <summary>"a-b", or "a" for one address.</summary>
    public static string? Range(AddressRange? range) => range is not { } r ? null : r.First.Equals(r.Last) ? $"{r.First}" : $"{r.First}-{r.Last}";

    private static object? Dhcp(DhcpSpec d)
    {
        var map = new YamlMap().Seconds("lease", d.LeaseSeconds, Lease).Flag("unknown", d.Unknown, true).Texts("dns_servers", d.DnsServers).Flag("stateful6", d.Stateful6, true);
        if (map.Entries.Count == 0) return d.Enabled is { } on ? (on ? "true" : "false") : null;
        return d.Enabled == false ? map.Flag("enabled", false, true) : map;
    }

    private static YamlMap Route(RouteSpec r) => new YamlMap().Text("to", r.To).Text("via", r.Via).Number("metric", r.Metric == 0 ? null : r.Metric);

    private static YamlMap Service(DnsServiceSpec s) => new YamlMap().Text("name", s.Name).Text("target", s.Target).Number("port", s.Port)
        .Number("priority", s.Priority == 0 ? null : s.Priority).Number("weight", s.Weight == 0 ? null : s.Weight);

    private static object? Dns(DnsSpec d)
    {
        var map = new YamlMap().Flag("enabled", d.Enabled, true);
        var records = new YamlMap();
        foreach (var name in d.Records.GroupBy(r => r.Name)) records.Texts(name.Key, name.Select(r => r.Address));
        if (records.Entries.Count > 0) map.Add("records", records);
        var texts = new YamlMap();
        foreach (var name in d.Texts.GroupBy(r => r.Name)) texts.Texts(name.Key, name.Select(r => r.Text));
        if (texts.Entries.Count > 0) map.Add("texts", texts);
        map.List("services", d.Services.Select(Service)).Texts("forwarders", d.Forwarders);
        return map.Entries.Count == 0 ? null : map.Entries is [{ Key: "enabled" }] ? "false" : map;
    }

    private static object? Stp(StpSpec? s)
    {
        if (s is null) return null;
        var map = new YamlMap().Number("priority", s.Priority).Seconds("forward_delay", s.ForwardDelay).Seconds("hello", s.Hello).Seconds("max_age", s.MaxAge);
        return map.Entries.Count == 0 ? (s.Enabled ? "true" : "false") : map.Flag("enabled", s.Enabled, true);
    }

    private static YamlMap? Options(BridgeOptionsSpec o) => o == NoOptions ? null
        : new YamlMap().Seconds("ageing", o.Ageing).Flag("multicast_snooping", o.MulticastSnooping, false).Flag("multicast_querier", o.MulticastQuerier, false);

    private static object? Vlan(VlanSpec? v)
    {
        if (v is null) return null;
        if (v is { Native: 1, Trunk.IsEmpty: true }) return "true";
        return new YamlMap().Number("native", v.Native).List("trunk", Vlans(v.Trunk));
    }

    /// <summary>Ids and ranges of ids.</summary>
    public static IEnumerable<object> Vlans(ImmutableArray<VlanRange> trunk) => trunk.Select(r => r.First == r.Last ? $"{r.First}" : YamlText.Scalar($"{r.First}-{r.Last}"));

    private static YamlMap Fdb(FdbSpec f) => new YamlMap().Text("mac", f.Mac).Text("port", f.Port).Number("vlan", f.Vlan);
}
