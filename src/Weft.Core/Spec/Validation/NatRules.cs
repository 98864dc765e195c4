using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Keys that contradict the kind of NAT.</summary>
internal static class NatRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks.OfType<NatNetworkSpec>())
        {
            if (!n.Floating.IsEmpty && n.Nat != NatKind.Full) Not(n, "floating", "write nat: full");
            if (!n.Forwards.IsEmpty && n.Nat == NatKind.Isolated) Not(n, "forwards", "an isolated network has no outside: write nat: masquerade");
            if (n.SnatPool is not null && n.Nat is NatKind.Isolated or NatKind.Routed && n.SnatPool is not null) Not(n, "snat_pool", "nothing is translated here: write nat: masquerade");
            if (n.SnatPool is { } pool && !n.HasFamily(pool.First.IsV4()))
                faults.Error(RuleCodes.Family, n.At, $"{n.Title()}: snat_pool is {Facts.Family(pool.First.IsV4())}, the subnets are not", "one family is not translated to the other");
            CheckProtect(n, faults);
        }

        void Not(NatNetworkSpec n, string key, string hint) =>
            faults.Error(RuleCodes.NotInKind, n.At, $"{n.Title()}: '{key}' does not go with nat: {n.Nat.ToString().ToLowerInvariant()}", hint);
    }

    private static void CheckProtect(NatNetworkSpec n, DiagnosticBag faults)
    {
        foreach (var f in n.Forwards.Where(f => f is { Protocol: ForwardProtocol.Udp, Protect.SynProxy: true }))
            faults.Error(RuleCodes.SynProxyUdp, f.At, $"{n.Title()}: syn_proxy on udp/{f.Listen}: UDP has no handshake to answer", "use syn_rate (new flows a second) and connections");
    }
}
