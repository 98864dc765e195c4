using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Floating addresses: 1:1, outside of the project's own subnets.</summary>
internal static class FloatingRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        var targets = new Targets(p);
        var outer = new Dictionary<IPAddress, FloatingSpec>();
        foreach (var n in p.Networks.OfType<NatNetworkSpec>())
        {
            var inner = new HashSet<(string, bool)>();
            foreach (var f in n.Floating)
            {
                targets.Check(n, f.Machine, f.Address, f.At, $"floating address {f.Outer}", faults);
                CheckOne(n, f, outer, inner, faults);
                CheckOuter(n, f, p, faults);
            }
        }
    }

    private static void CheckOne(NatNetworkSpec n, FloatingSpec f, Dictionary<IPAddress, FloatingSpec> outer, HashSet<(string, bool)> inner, DiagnosticBag faults)
    {
        if (!outer.TryAdd(f.Outer, f))
            faults.Error(RuleCodes.FloatingTwice, f.At, $"{n.Title()}: floating address {f.Outer} is given twice (line {outer[f.Outer].At.Line})", "one outer address leads to one machine");
        else if (!inner.Add((f.Machine ?? f.Address?.ToString() ?? "", f.Outer.IsV4())))
            faults.Error(RuleCodes.FloatingTwice, f.At, $"{n.Title()}: {f.Machine ?? f.Address?.ToString()} has a second {Facts.Family(f.Outer.IsV4())} floating address: {f.Outer}", "1:1 means one of each family");
        if (n.SnatPool is { } pool && InRange(pool, f.Outer))
            faults.Error(RuleCodes.FloatingTwice, f.At, $"{n.Title()}: floating address {f.Outer} is in snat_pool too", "leave it out of the pool");
    }

    private static void CheckOuter(NatNetworkSpec n, FloatingSpec f, ProjectSpec p, DiagnosticBag faults)
    {
        var other = f.Address is { } inner ? inner.IsV4() != f.Outer.IsV4() : !n.HasFamily(f.Outer.IsV4());
        if (other) faults.Error(RuleCodes.Family, f.At, $"{n.Title()}: floating address {f.Outer} is {Facts.Family(f.Outer.IsV4())}, its target has no such address", "one family is not translated to the other");
        var inside = p.Networks.OfType<NatNetworkSpec>().SelectMany(x => x.Subnets).FirstOrDefault(s => s.Prefix.Contains(f.Outer));
        if (inside is not null) faults.Error(RuleCodes.OuterInside, f.At, $"{n.Title()}: floating address {f.Outer} lies inside the project's own {inside.Prefix}", "it must be an address of the outer network");
    }

    private static bool InRange(AddressRange r, IPAddress a) =>
        r.First.AddressFamily == a.AddressFamily && IpPrefix.ToNumber(a) >= IpPrefix.ToNumber(r.First) && IpPrefix.ToNumber(a) <= IpPrefix.ToNumber(r.Last);
}
