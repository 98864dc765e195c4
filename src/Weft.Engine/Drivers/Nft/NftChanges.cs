using Weft.Core.Resources;

namespace Weft.Engine.Drivers.Nft;

/// <summary>What a list of steps comes to: the last word on each table and on each element.</summary>
internal sealed class NftChanges
{
    /// <summary>Folds the steps.</summary>
    public NftChanges(IEnumerable<Step> steps)
    {
        foreach (var s in steps)
        {
            var key = s.Key;
            var all = key.Kind == ResourceKind.NftTable ? Tables : Elements;
            all[key] = all.TryGetValue(key, out var earlier) ? s with { Before = earlier.Before } : s;
        }
    }

    /// <summary>Tables.</summary>
    public Dictionary<ResourceKey, Step> Tables { get; } = [];

    /// <summary>Elements.</summary>
    public Dictionary<ResourceKey, Step> Elements { get; } = [];

    /// <summary>Takes out what is about a table's elements.</summary>
    public List<Step> TakeOf(NftTableResource table)
    {
        var name = $"{table.Family} {table.Name} ";
        var steps = Elements.Where(e => e.Key.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        foreach (var s in steps) Elements.Remove(s.Key);
        return [.. steps.Select(s => s.Value)];
    }
}
