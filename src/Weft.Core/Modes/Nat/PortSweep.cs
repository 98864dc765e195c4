using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>Cuts port ranges so that no two overlap: the kernel's interval sets take none that do.</summary>
internal sealed class PortSweep
{
    private readonly Dictionary<(string Target, string Protocol), List<PortRange>> _covered = [];

    /// <summary>The parts of the range that no earlier call covered for this target and protocol.</summary>
    public List<PortRange> Uncovered(string target, string protocol, PortRange range)
    {
        if (!_covered.TryGetValue((target, protocol), out var covered)) _covered[(target, protocol)] = covered = [];
        var parts = new List<PortRange>();
        var next = range.First;
        foreach (var c in covered.Where(c => c.First <= range.Last && c.Last >= range.First).OrderBy(c => c.First))
        {
            if (c.First > next) parts.Add(new(next, c.First - 1));
            next = Math.Max(next, c.Last + 1);
        }
        if (next <= range.Last) parts.Add(new(next, range.Last));
        covered.AddRange(parts);
        return parts;
    }
}
