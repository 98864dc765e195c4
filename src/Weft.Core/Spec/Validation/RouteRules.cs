using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Networks behind machines: each by a machine of the network, and in nobody's way.</summary>
internal static class RouteRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks)
        {
            foreach (var r in n.Routes) Check(p, n, r, faults);
            foreach (var twice in n.Routes.GroupBy(r => (r.To, r.Metric)).Where(g => g.Count() > 1))
                faults.Error(RuleCodes.Route, twice.Last().At, $"{n.Title()}: there are two routes to {twice.Key.To}", "give one of them another metric");
        }
    }

    private static void Check(ProjectSpec p, NetworkSpec n, RouteSpec r, DiagnosticBag faults)
    {
        if (r.To.First != IpPrefix.ToNumber(r.To.Address))
            faults.Error(RuleCodes.HostBits, r.At, $"{n.Title()}: {r.To} has host bits set", $"write {r.To.Network}");
        if (n is BridgeNetworkSpec { Uplink: { } uplink })
            faults.Error(RuleCodes.Route, r.At, $"{n.Title()}: its routes are the host's own, which go with {uplink.LinkName()}", "set the route in the host's configuration");
        else if (n.SubnetsKnown() && !n.Subnets.Any(s => s.Prefix.Contains(r.Via) && !s.HostAddress().Equals(r.Via)))
            faults.Error(RuleCodes.Route, r.At, $"{n.Title()}: {r.Via} is no machine's address: it is in no subnet of the network, or the host's own", $"an address in {string.Join(" or ", n.Subnets.Select(s => s.Prefix))}");
        if (r.To.IsV4 != r.Via.IsV4()) faults.Error(RuleCodes.Family, r.At, $"{n.Title()}: {r.To} and {r.Via} are not of one family", null);
        if (p.Networks.SelectMany(o => o.Subnets).FirstOrDefault(s => s.Prefix.IsV4 == r.To.IsV4 && s.Prefix.Equals(r.To)) is { } own)
            faults.Error(RuleCodes.Route, r.At, $"{n.Title()}: {r.To} is {own.Prefix}, a subnet of the project", "routes lead to networks behind machines");
    }
}
