using Weft.Core.Model;

namespace Weft.Core.Modes.Parts;

/// <summary>Sets of networks.</summary>
internal static class PrefixSets
{
    /// <summary>The same addresses without a network that lies in another: the kernel's interval sets take no overlap.</summary>
    public static List<IpPrefix> Minimal(IEnumerable<IpPrefix> prefixes)
    {
        var kept = new List<IpPrefix>();
        foreach (var p in prefixes.Select(p => p.Network).OrderBy(p => p.Length).ThenBy(p => p.First))
            if (!kept.Exists(k => k.Overlaps(p))) kept.Add(p);
        return kept;
    }

    /// <summary>What lies in both; an empty list means everything.</summary>
    public static List<IpPrefix> Both(IReadOnlyCollection<IpPrefix> a, IReadOnlyCollection<IpPrefix> b)
    {
        if (a.Count == 0 || b.Count == 0) return Minimal(a.Concat(b));
        return Minimal(a.SelectMany(x => b.Where(x.Overlaps).Select(y => x.Length > y.Length ? x : y)));
    }
}
