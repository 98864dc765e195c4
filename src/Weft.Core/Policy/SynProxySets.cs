using System.Collections.Immutable;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>Sets of table inet weft_syn: connections whose handshake the kernel answers first.</summary>
public static class SynProxySets
{
    /// <summary>The table, as elements name it.</summary>
    public const string Table = "inet weft_syn";

    /// <summary>Outer links on which handshakes are answered. Shared by projects.</summary>
    public const string Edges = "edges";

    /// <summary>Listen address, protocol, ports, allowed source.</summary>
    public static string Exact(bool v4) => v4 ? "syn4" : "syn6";

    /// <summary>Protocol, ports, allowed source; any address of the host.</summary>
    public static string Any(bool v4) => v4 ? "syn_any4" : "syn_any6";

    /// <summary>All of them.</summary>
    public static ImmutableArray<NftSetSchema> All { get; } =
        [new(Table, Edges, ["ifname"], [], Interval: false, Counter: false), .. Family(true), .. Family(false)];

    private static IEnumerable<NftSetSchema> Family(bool v4)
    {
        var ip = v4 ? "ipv4_addr" : "ipv6_addr";
        yield return new(Table, Exact(v4), [ip, "inet_proto", "inet_service", ip], [], Interval: true, Counter: false);
        yield return new(Table, Any(v4), ["inet_proto", "inet_service", ip], [], Interval: true, Counter: false);
    }
}
