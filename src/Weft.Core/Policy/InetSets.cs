using System.Collections.Immutable;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>Sets and maps of table inet weft. Those that end in 4 or 6 exist for both families.</summary>
public static class InetSets
{
    /// <summary>The table, as elements name it.</summary>
    public const string Table = "inet weft";
    /// <summary>Bridges of routed networks: what their machines send is judged by Weft.</summary>
    public const string Nets = "nets";
    /// <summary>Bridges of isolated networks: nothing leaves them.</summary>
    public const string Closed = "closed";
    /// <summary>Outer links on which forwards and floating addresses are answered. Shared by projects.</summary>
    public const string Edges = "edges";
    /// <summary>(from, to) links between which new connections pass.</summary>
    public const string Pairs = "pairs";
    /// <summary>What happens to new connections into a network that no pair lets through: goto inbound, goto inbound_routed.</summary>
    public const string Into = "into";
    /// <summary>(from, to) links between which sources are translated: goto masquerade_all, masquerade_hairpin, masquerade_pool.</summary>
    public const string Leaving = "leaving";
    /// <summary>Networks whose machines may use every service of the host.</summary>
    public const string HostAccess = "host_access";
    /// <summary>Routed networks that only some sources may reach.</summary>
    public const string RoutedGuard = "routed_guard";
    /// <summary>Network-wide limit of new connections a second: jump rate_net_N.</summary>
    public const string RateNet = "rate_net";
    /// <summary>Network-wide limit of connections from one source: jump conn_net_N.</summary>
    public const string ConnNet = "conn_net";

    /// <summary>The host's own addresses in its networks: never translated by a forward.</summary>
    public static string Inner(bool v4) => Name("inner", v4);
    /// <summary>Forwards with a listen address: address, protocol, port to address, port.</summary>
    public static string Forward(bool v4) => Name("fwd", v4);
    /// <summary>Forwards on any address of the host: protocol, port to address, port.</summary>
    public static string ForwardAny(bool v4) => Name("fwd_any", v4);
    /// <summary>Forwards of port ranges whose ports stay as they are, with a listen address.</summary>
    public static string ForwardRange(bool v4) => Name("fwd_range", v4);
    /// <summary>The same on any address.</summary>
    public static string ForwardAnyRange(bool v4) => Name("fwd_any_range", v4);
    /// <summary>Forwards that only some sources may use: address, protocol, ports.</summary>
    public static string Guard(bool v4) => Name("guard", v4);
    /// <summary>The same on any address.</summary>
    public static string GuardAny(bool v4) => Name("guard_any", v4);
    /// <summary>Who may use them: address, protocol, ports, source.</summary>
    public static string Allow(bool v4) => Name("allow", v4);
    /// <summary>The same on any address.</summary>
    public static string AllowAny(bool v4) => Name("allow_any", v4);
    /// <summary>Floating addresses: outer to inner.</summary>
    public static string Floating(bool v4) => Name("float", v4);
    /// <summary>The way back: inner, outer link to outer.</summary>
    public static string FloatingSource(bool v4) => Name("float_src", v4);
    /// <summary>Floating addresses that only some sources may use.</summary>
    public static string FloatingGuard(bool v4) => Name("float_guard", v4);
    /// <summary>Who may use them: outer address, source.</summary>
    public static string FloatingAllow(bool v4) => Name("float_allow", v4);
    /// <summary>SNAT pools: (from, to) links to the first and last address of a range.</summary>
    public static string Pool(bool v4) => Name("snat", v4);
    /// <summary>Counters of forwards, both directions: inner address, protocol, inner ports.</summary>
    public static string Count(bool v4) => Name("count", v4);
    /// <summary>Who may reach a guarded routed network: bridge, source.</summary>
    public static string RoutedAllow(bool v4) => Name("routed_allow", v4);
    /// <summary>Limit of new connections a second of a forward's target: jump rate_N.</summary>
    public static string Rate(bool v4) => Name("rate", v4);
    /// <summary>Limit of connections of one source to a forward's target: jump conn_N.</summary>
    public static string Conn(bool v4) => Name("conn", v4);

    /// <summary>All of them.</summary>
    public static ImmutableArray<NftSetSchema> All { get; } = [.. Common(), .. Family(true), .. Family(false)];

    private static string Name(string stem, bool v4) => stem + (v4 ? "4" : "6");

    private static IEnumerable<NftSetSchema> Common() =>
    [
        Set(Nets, ["ifname"]), Set(Closed, ["ifname"]), Set(Edges, ["ifname"]), Set(HostAccess, ["ifname"]), Set(RoutedGuard, ["ifname"]),
        Map(Pairs, ["ifname", "ifname"], ["verdict"]), Map(Into, ["ifname"], ["verdict"]), Map(Leaving, ["ifname", "ifname"], ["verdict"]),
        Map(RateNet, ["ifname"], ["verdict"]), Map(ConnNet, ["ifname"], ["verdict"]),
    ];

    private static IEnumerable<NftSetSchema> Family(bool v4)
    {
        var ip = v4 ? "ipv4_addr" : "ipv6_addr";
        ImmutableArray<string> exact = [ip, "inet_proto", "inet_service"], any = ["inet_proto", "inet_service"];
        return
        [
            Set(Inner(v4), [ip]),
            Map(Forward(v4), exact, [ip, "inet_service"]) with { Counter = true }, Map(ForwardAny(v4), any, [ip, "inet_service"]) with { Counter = true },
            Ranges(Map(ForwardRange(v4), exact, [ip])) with { Counter = true }, Ranges(Map(ForwardAnyRange(v4), any, [ip])) with { Counter = true },
            Ranges(Set(Guard(v4), exact)), Ranges(Set(GuardAny(v4), any)),
            Ranges(Set(Allow(v4), [.. exact, ip])), Ranges(Set(AllowAny(v4), [.. any, ip])),
            Map(Floating(v4), [ip], [ip]) with { Counter = true }, Map(FloatingSource(v4), [ip, "ifname"], [ip]) with { Counter = true },
            Set(FloatingGuard(v4), [ip]), Ranges(Set(FloatingAllow(v4), [ip, ip])),
            Map(Pool(v4), ["ifname", "ifname"], [ip, ip]),
            Ranges(Set(Count(v4), exact)) with { Counter = true }, Ranges(Set(RoutedAllow(v4), ["ifname", ip])),
            Ranges(Map(Rate(v4), exact, ["verdict"])), Ranges(Map(Conn(v4), exact, ["verdict"])),
        ];
    }

    private static NftSetSchema Set(string name, ImmutableArray<string> key) => new(Table, name, key, [], Interval: false, Counter: false);

    private static NftSetSchema Map(string name, ImmutableArray<string> key, ImmutableArray<string> data) => new(Table, name, key, data, Interval: false, Counter: false);

    private static NftSetSchema Ranges(NftSetSchema s) => s with { Interval = true };
}
