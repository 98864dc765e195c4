using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Forwards: every outer port leads to one place, and that place is on the network.</summary>
internal static class ForwardRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        var nats = p.Networks.OfType<NatNetworkSpec>().ToArray();
        foreach (var group in nats.SelectMany(n => n.Forwards.Select(f => (Network: n, Forward: f))).GroupBy(x => x.Forward.Protocol)) CheckOverlaps([.. group], faults);
        var targets = new Targets(p);
        foreach (var n in nats)
        {
            foreach (var f in n.Forwards)
            {
                targets.Check(n, f.To.Machine, f.To.Address, f.At, $"forward {Name(f)}", faults);
                CheckFamily(n, f, faults);
            }
        }
    }

    private static string Name(ForwardSpec f)
    {
        var address = f.ListenAddress is { } a ? (a.IsV4() ? $"{a}:" : $"[{a}]:") : "";
        return $"{f.Protocol.ToString().ToLowerInvariant()}/{address}{f.Listen}";
    }

    private static void CheckFamily(NatNetworkSpec n, ForwardSpec f, DiagnosticBag faults)
    {
        if (f.ListenAddress is not { } outer) return;
        var other = f.To.Address is { } inner ? inner.IsV4() != outer.IsV4() : !n.HasFamily(outer.IsV4());
        if (other) faults.Error(RuleCodes.Family, f.At, $"{n.Title()}: forward {Name(f)} listens on {Facts.Family(outer.IsV4())}, its target has no such address", "one family is not translated to the other");
    }

    /// <summary>In order of the first port, a forward can only meet those before it that reach as far.</summary>
    private static void CheckOverlaps((NatNetworkSpec Network, ForwardSpec Forward)[] all, DiagnosticBag faults)
    {
        var open = new List<(NatNetworkSpec Network, ForwardSpec Forward)>();
        foreach (var x in all.OrderBy(x => x.Forward.Listen.First).ThenBy(x => x.Forward.At.Line))
        {
            open.RemoveAll(o => o.Forward.Listen.Last < x.Forward.Listen.First);
            if (open.Find(o => SameOuter(o, x)) is { Forward: { } met } o2) Report(o2.Network, met, x.Network, x.Forward, faults);
            open.Add(x);
        }
    }

    /// <summary>The same address, or one of them listens on all of the same uplink. Whether auto is a named link only the host knows.</summary>
    private static bool SameOuter((NatNetworkSpec Network, ForwardSpec Forward) a, (NatNetworkSpec Network, ForwardSpec Forward) b)
    {
        if (a.Forward.ListenAddress is { } x && b.Forward.ListenAddress is { } y) return x.Equals(y);
        return a.Network.Uplink == b.Network.Uplink;
    }

    private static void Report(NatNetworkSpec an, ForwardSpec a, NatNetworkSpec bn, ForwardSpec b, DiagnosticBag faults)
    {
        if (a.At.Line > b.At.Line || (a.At.Line == b.At.Line && a.At.Column > b.At.Column)) (an, a, bn, b) = (bn, b, an, a);
        faults.Error(RuleCodes.ListenOverlap, b.At, $"{bn.Title()}: forward {Name(b)} meets forward {Name(a)} of network {an.Name}{(a.At.Line > 0 ? $" (line {a.At.Line})" : "")}",
            "an outer port leads to one place: choose another port or listen address");
    }
}
