using System.Collections.Frozen;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>The sets and maps of the skeleton, as drivers must know them.</summary>
public static class NftSchema
{
    private static readonly FrozenDictionary<(string, string), NftSetSchema> ByName;

    static NftSchema()
    {
        All = [.. InetSets.All, .. BridgeSets.All, .. SynProxySets.All];
        ByName = All.ToFrozenDictionary(s => (s.Table, s.Set));
    }

    /// <summary>All that elements are put in. Sets that packets fill (limits by source) are not among them.</summary>
    public static IReadOnlyList<NftSetSchema> All { get; }

    /// <summary>The set of that name.</summary>
    /// <param name="table">"inet weft".</param>
    /// <param name="set">Name.</param>
    /// <exception cref="KeyNotFoundException">The skeleton has no such set.</exception>
    public static NftSetSchema Of(string table, string set) =>
        ByName.TryGetValue((table, set), out var s) ? s : throw new KeyNotFoundException($"{table} has no set {set}");
}
