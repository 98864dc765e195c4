using System.Collections.Immutable;
using Weft.Core.Spec;

namespace Weft.Core.Import.Ifupdown;

/// <summary>Lists of VLANs as ifupdown2 writes them: "2-4094", "10 20 30-40", "10,20".</summary>
internal static class VlanIds
{
    private const int Last = 4094;

    /// <summary>The ids in order as few ranges, without one of them; null when the text is no such list.</summary>
    public static ImmutableArray<VlanRange>? Read(string text, int without)
    {
        var set = new bool[Last + 2];
        foreach (var word in text.Split((char[])[' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!SpecText.TryVlanRange(word, out var r)) return null;
            Array.Fill(set, true, r.First, r.Last - r.First + 1);
        }
        set[without] = false;
        var ranges = ImmutableArray.CreateBuilder<VlanRange>();
        for (var id = 1; id <= Last; id++)
        {
            if (!set[id]) continue;
            var first = id;
            while (set[id + 1]) id++;
            ranges.Add(new VlanRange(first, id));
        }
        return ranges.ToImmutable();
    }
}
