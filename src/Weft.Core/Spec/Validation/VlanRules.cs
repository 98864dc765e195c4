using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>VLANs need a bridge that filters them, and stand in a list once.</summary>
internal static class VlanRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks.Where(n => n.Vlan is not null)) Once(n.Title(), n.Vlan!.Native, n.Vlan.Trunk, n.At, faults);
        var networks = p.Networks.DistinctBy(n => n.Name).ToDictionary(n => n.Name);
        foreach (var (machine, port) in p.AllPorts())
        {
            Once($"machine {machine.Name}", port.Vlan, port.Trunk, port.At, faults);
            var key = port.Vlan is not null ? "vlan" : port.Trunk.IsEmpty ? null : "trunk";
            if (key is null || !networks.TryGetValue(port.Network, out var n) || n.Vlan is not null || n is UnreadNetworkSpec) continue;
            faults.Error(RuleCodes.VlanWithoutFiltering, port.At, $"machine {machine.Name}: '{key}' has no meaning on network {n.Name}, whose bridge does not filter VLANs", $"give network {n.Name} vlan: true");
        }
    }

    private static void Once(string what, int? untagged, ImmutableArray<VlanRange> trunk, Location at, DiagnosticBag faults)
    {
        if (untagged is { } id && trunk.Any(r => id >= r.First && id <= r.Last))
            faults.Error(RuleCodes.VlanTwice, at, $"{what}: VLAN {id} is both untagged and in trunk", "a VLAN goes out one way: take it out of trunk");
        var sorted = trunk.OrderBy(r => r.First).ToArray();
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i].First <= sorted[i - 1].Last) faults.Error(RuleCodes.VlanTwice, at, $"{what}: VLAN {sorted[i].First} is in trunk twice", "give each id once");
    }
}
