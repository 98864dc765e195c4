using System.Collections.Immutable;

namespace Weft.Core.Policy;

/// <summary>
/// The limits that the skeleton has chains for. A limit is part of a rule, and rules are the same for all: a wish is rounded up to the next
/// of the series 1, 2, 5.
/// </summary>
public static class LimitClasses
{
    /// <summary>All limits, rising.</summary>
    public static readonly ImmutableArray<int> All = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

    /// <summary>The smallest that is not below the wish; the largest for a wish beyond it.</summary>
    public static int For(int wish)
    {
        foreach (var limit in All)
            if (limit >= wish) return limit;
        return All[^1];
    }
}
