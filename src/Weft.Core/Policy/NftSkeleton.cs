using System.Collections.Immutable;
using System.Globalization;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>
/// Weft's nftables tables: chains, rules, set declarations, no elements. They are the same for every project, and a packet's way through them
/// does not grow with networks, forwards or ports: all that differs is elements of sets and maps.
/// </summary>
public static class NftSkeleton
{
    /// <summary>Routed policy, as elements name their table.</summary>
    public const string InetTable = InetSets.Table;

    /// <summary>Port policy.</summary>
    public const string BridgeTable = BridgeSets.Table;

    /// <summary>The SYN proxy.</summary>
    public const string SynProxyTable = SynProxySets.Table;

    /// <summary>Forwarding, translation and the host's services; wanted as soon as there is a routed network.</summary>
    public static readonly NftTableResource Inet = Table("inet", "weft", InetChains.Text, InetSets.All);

    /// <summary>What ports of bridges may send: wanted as soon as there is a bridge. For every kernel.</summary>
    public static readonly NftTableResource Bridge = Table("bridge", "weft", BridgeChains.ByMember, BridgeSets.All);

    /// <summary>The same for kernels that tell a frame's bridge (<see cref="HostFeatures.BridgeNames"/>).</summary>
    public static readonly NftTableResource BridgeByName = Table("bridge", "weft", BridgeChains.ByBridge, BridgeSets.All);

    /// <summary>The one for a host.</summary>
    public static NftTableResource BridgeFor(HostModel host) => TellsBridge(host) ? BridgeByName : Bridge;

    /// <summary>Whether the kernel tells a frame's bridge.</summary>
    public static bool TellsBridge(HostModel host) => host.Features.Contains(HostFeatures.BridgeNames);

    /// <summary>The SYN proxy; a table of its own, because its raw chain costs every packet something.</summary>
    public static readonly NftTableResource SynProxy = Table("inet", "weft_syn", SynProxyChains.Text, SynProxySets.All);

    private static NftTableResource Table(string family, string name, string chains, ImmutableArray<NftSetSchema> sets)
    {
        var body = string.Concat(sets.Select(NftElementText.Declare)) + chains;
        var hash = StableHash.Of(body).ToString("x16", CultureInfo.InvariantCulture);
        return new(family, name, $"table {family} {name} {{\n\tcomment \"made by Weft\"\n\tset {NftTableResource.VersionSet} {{ type mark; }}\n{body}}}\n", hash);
    }
}
