using Weft.Core.Resources;

namespace Weft.Core.Planning;

/// <summary>The order of acting.</summary>
public static class StepOrder
{
    /// <summary>Compares two steps by when they must be done.</summary>
    public static int Compare(Step a, Step b)
    {
        var (x, y) = (Phase(a), Phase(b));
        if (x != y) return x.CompareTo(y);
        var removes = x is Removal or Ground;
        var kinds = a.Key.Kind - b.Key.Kind;
        if (kinds != 0) return removes ? -kinds : kinds;
        var (within, other) = (Within(a), Within(b));
        if (within != other) return removes && a.Key.Kind != ResourceKind.NftElement ? other.CompareTo(within) : within.CompareTo(other);
        var names = string.CompareOrdinal(a.Key.Name, b.Key.Name);
        return removes ? -names : names;
    }

    private const int Removal = 0;
    private const int Making = 1;
    private const int Ground = 2;

    // Elements go in the same phase in which others come: one nft transaction holds both, and an interval that grows must not meet its old self.
    private static int Phase(Step s)
    {
        if (s.After is not null || s.Key.Kind == ResourceKind.NftElement) return Making;
        return s.Key.Kind is ResourceKind.HostFile or ResourceKind.NftTable or ResourceKind.Bridge or ResourceKind.Vlan or ResourceKind.Sysctl ? Ground : Removal;
    }

    // Elements: out before in. Sysctls: a link is told to go on listening to router advertisements before forwarding makes it deaf to them.
    private static int Within(Step s) => s.Key.Kind switch
    {
        ResourceKind.NftElement => s.After is null ? 0 : 1,
        ResourceKind.Sysctl => s.Key.Name.EndsWith("/accept_ra", StringComparison.Ordinal) ? 0 : 1,
        _ => 0,
    };
}
