using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>No two subnets of a project share an address: the host could not tell where to send.</summary>
internal static class OverlapRules
{
    /// <summary>Runs the rule: in order of the first address, only the widest one so far can be met.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        var all = p.Networks.SelectMany(n => n.Subnets.Select(s => (Network: n, Subnet: s)));
        foreach (var family in all.GroupBy(x => x.Subnet.Prefix.IsV4))
        {
            (NetworkSpec Network, SubnetSpec Subnet)? widest = null;
            foreach (var x in family.OrderBy(x => x.Subnet.Prefix.First).ThenBy(x => x.Subnet.Prefix.Length))
            {
                if (widest is { } w && w.Subnet.Prefix.Overlaps(x.Subnet.Prefix)) Report(w, x, faults);
                else widest = x;
            }
        }
    }

    private static void Report((NetworkSpec Network, SubnetSpec Subnet) a, (NetworkSpec Network, SubnetSpec Subnet) b, DiagnosticBag faults)
    {
        var (first, second) = a.Subnet.At.Line <= b.Subnet.At.Line ? (a, b) : (b, a);
        faults.Error(RuleCodes.SubnetOverlap, second.Subnet.At,
            $"{second.Network.Title()}: {second.Subnet.Prefix} overlaps {first.Subnet.Prefix} of network {first.Network.Name}", "give each subnet addresses of its own");
    }
}
