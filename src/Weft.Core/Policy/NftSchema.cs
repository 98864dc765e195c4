using System.Collections.Frozen;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>The sets and maps of the skeleton, as drivers must know them. Two equal data types stand for a range (snat4, snat6).</summary>
public static class NftSchema
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NftSetSchema> All { get; } =
    [
        new(NftSkeleton.InetTable, "networks", ["ifname"], [], false, false),
        new(NftSkeleton.InetTable, "within", ["ifname", "ifname"], [], false, false),
        new(NftSkeleton.InetTable, "egress", ["ifname", "ifname"], [], false, false),
        new(NftSkeleton.InetTable, "ingress", ["ifname", "ifname"], [], false, false),
        new(NftSkeleton.InetTable, "translated", ["ifname", "ifname"], [], false, false),
        new(NftSkeleton.InetTable, "snat4", ["ifname", "ifname"], ["ipv4_addr", "ipv4_addr"], false, false),
        new(NftSkeleton.InetTable, "snat6", ["ifname", "ifname"], ["ipv6_addr", "ipv6_addr"], false, false),
        new(NftSkeleton.InetTable, "host_services", ["ifname", "inet_proto", "inet_service"], [], true, false),
        new(NftSkeleton.InetTable, "forward4", ["ipv4_addr", "inet_proto", "inet_service"], ["ipv4_addr", "inet_service"], false, false),
        new(NftSkeleton.InetTable, "forward6", ["ipv6_addr", "inet_proto", "inet_service"], ["ipv6_addr", "inet_service"], false, false),
        new(NftSkeleton.InetTable, "forward_any4", ["inet_proto", "inet_service"], ["ipv4_addr", "inet_service"], false, false),
        new(NftSkeleton.InetTable, "forward_any6", ["inet_proto", "inet_service"], ["ipv6_addr", "inet_service"], false, false),
        new(NftSkeleton.InetTable, "forward_range4", ["ipv4_addr", "inet_proto", "inet_service"], ["ipv4_addr"], true, false),
        new(NftSkeleton.InetTable, "forward_range6", ["ipv6_addr", "inet_proto", "inet_service"], ["ipv6_addr"], true, false),
        new(NftSkeleton.InetTable, "floating4", ["ipv4_addr"], ["ipv4_addr"], false, false),
        new(NftSkeleton.InetTable, "floating6", ["ipv6_addr"], ["ipv6_addr"], false, false),
        new(NftSkeleton.InetTable, "floating_source4", ["ipv4_addr", "ifname"], ["ipv4_addr"], false, false),
        new(NftSkeleton.InetTable, "floating_source6", ["ipv6_addr", "ifname"], ["ipv6_addr"], false, false),
        new(NftSkeleton.InetTable, "open4", ["inet_proto", "ipv4_addr", "inet_service", "ipv4_addr"], [], true, true),
        new(NftSkeleton.InetTable, "open6", ["inet_proto", "ipv6_addr", "inet_service", "ipv6_addr"], [], true, true),
        new(NftSkeleton.InetTable, "floating_open4", ["ipv4_addr", "ipv4_addr"], [], true, true),
        new(NftSkeleton.InetTable, "floating_open6", ["ipv6_addr", "ipv6_addr"], [], true, true),
        new(NftSkeleton.InetTable, "rate4", ["inet_proto", "ipv4_addr", "inet_service"], ["verdict"], true, false),
        new(NftSkeleton.InetTable, "rate6", ["inet_proto", "ipv6_addr", "inet_service"], ["verdict"], true, false),
        new(NftSkeleton.InetTable, "count4", ["inet_proto", "ipv4_addr", "inet_service"], ["verdict"], true, false),
        new(NftSkeleton.InetTable, "count6", ["inet_proto", "ipv6_addr", "inet_service"], ["verdict"], true, false),
        new(NftSkeleton.InetTable, "synproxy4", ["ipv4_addr", "inet_service"], [], true, false),
        new(NftSkeleton.InetTable, "synproxy6", ["ipv6_addr", "inet_service"], [], true, false),
        new(NftSkeleton.BridgeTable, "ports", ["ifname"], [], false, false),
        new(NftSkeleton.BridgeTable, "macs", ["ifname", "ether_addr"], [], false, false),
        new(NftSkeleton.BridgeTable, "addresses4", ["ifname", "ipv4_addr"], [], false, false),
        new(NftSkeleton.BridgeTable, "addresses6", ["ifname", "ipv6_addr"], [], false, false),
        new(NftSkeleton.BridgeTable, "any4", ["ifname"], [], false, false),
        new(NftSkeleton.BridgeTable, "any6", ["ifname"], [], false, false),
        new(NftSkeleton.BridgeTable, "trunks", ["ifname"], [], false, false),
    ];

    private static readonly FrozenDictionary<(string, string), NftSetSchema> s_byName = All.ToFrozenDictionary(s => (s.Table, s.Set));

    /// <summary>The set of that name.</summary>
    /// <exception cref="KeyNotFoundException">The skeleton has no such set.</exception>
    public static NftSetSchema Of(string table, string set) => s_byName.TryGetValue((table, set), out var s)
        ? s
        : throw new KeyNotFoundException($"{table} has no set {set}");
}
