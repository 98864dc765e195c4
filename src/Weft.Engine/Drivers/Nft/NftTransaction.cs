using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>Collects deletions and additions of elements and writes them as one batch, the deletions first.</summary>
internal sealed class NftTransaction
{
    private readonly List<NftElementResource> _out = [], _in = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => _out.Count == 0 && _in.Count == 0 && Tables.Count == 0;

    /// <summary>Tables that go with all that is in them.</summary>
    public List<NftTableResource> Tables { get; } = [];

    /// <summary>Notes a step: from what is there to what shall be.</summary>
    public void Add(NftElementResource? before, NftElementResource? after)
    {
        if (before is not null) _out.Add(before);
        if (after is not null) _in.Add(after);
    }

    /// <summary>The batch.</summary>
    /// <param name="generation">The ruleset's generation it must find; null for any.</param>
    /// <param name="oneByOne">One message an element, so that a refusal says which one it was.</param>
    public NftBatch Batch(uint? generation, bool oneByOne)
    {
        var batch = new NftBatch(generation);
        foreach (var (set, some) in Group(_out, oneByOne))
            batch.Delete(set.Family, set.Table, set.Name, some.Select(NftElementCodec.ToKernel), oneByOne ? NftElementText.Delete(some[0]) : null);
        foreach (var (set, some) in Group(_in, oneByOne))
            batch.Add(set.Family, set.Table, set.Name, some.Select(NftElementCodec.ToKernel), exclusive: true, oneByOne ? NftElementText.Add(some[0]) : null);
        foreach (var t in Tables) batch.DeleteTable(t.Family, t.Name);
        return batch;
    }

    private static IEnumerable<((string Family, string Table, string Name) Set, List<NftElementResource> Some)> Group(List<NftElementResource> elements, bool oneByOne)
    {
        foreach (var g in elements.GroupBy(e => (e.Table, e.Set)))
        {
            var (family, table) = NftNames.Split(g.Key.Table);
            foreach (var some in oneByOne ? g.Select(e => new List<NftElementResource> { e }) : [[.. g]]) yield return ((family, table, g.Key.Set), some);
        }
    }
}
