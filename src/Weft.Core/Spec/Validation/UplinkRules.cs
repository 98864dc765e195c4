using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Who may stand on which uplink.</summary>
internal static class UplinkRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        var owners = new Dictionary<string, BridgeNetworkSpec>();
        foreach (var b in p.Networks.OfType<BridgeNetworkSpec>())
        {
            if (b.Uplink is not { } uplink || owners.TryAdd(uplink.LinkName(), b)) continue;
            faults.Error(RuleCodes.UplinkTwice, uplink.At, $"{b.Title()}: {uplink.LinkName()} is already the uplink of network {owners[uplink.LinkName()].Name}",
                $"a link is a port of one bridge; a VLAN of it ({uplink.Link}.100) can be the second uplink");
        }
        foreach (var n in p.Networks.OfType<NatNetworkSpec>().Where(n => n.Uplink is not null)) CheckNat(n, owners, faults);
    }

    private static void CheckNat(NatNetworkSpec n, Dictionary<string, BridgeNetworkSpec> owners, DiagnosticBag faults)
    {
        if (owners.TryGetValue(n.Uplink!, out var bridge))
            faults.Error(RuleCodes.SharedUplink, n.At, $"{n.Title()}: {n.Uplink} is a port of network {bridge.Name}'s bridge and carries no addresses of its own, so nothing can be routed out of it", Remedy(bridge));
        if (n.Uplink == n.Bridge)
            faults.Error(RuleCodes.OwnUplink, n.At, $"{n.Title()}: its uplink is its own bridge", "name the link to the outside, or auto");
    }

    private static string Remedy(BridgeNetworkSpec bridge) => bridge.Bridge is { } name
        ? $"the addresses moved to the bridge: write uplink: {name}"
        : $"the addresses moved to the bridge: give network {bridge.Name} a name for it (bridge: br-{bridge.Name[..Math.Min(bridge.Name.Length, 12)]}) and use that as uplink here, or uplink: auto";
}
