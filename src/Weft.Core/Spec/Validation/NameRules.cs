using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Names, links and MACs stand for one thing each.</summary>
internal static class NameRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        Unique(RuleCodes.DuplicateName, p.Networks.Select(n => (n.Name, n.At, n.Title())), "rename one of them", faults);
        Unique(RuleCodes.DuplicateName, p.Machines.Select(m => (m.Name, m.At, $"machine {m.Name}")), "rename one of them", faults);
        Unique(RuleCodes.DuplicateLink, Links(p), "link names are unique on a host: choose another, or leave it out", faults);
        foreach (var network in p.AllPorts().GroupBy(x => x.Port.Network))
        {
            Unique(RuleCodes.DuplicateMac, network.Where(x => x.Port.Mac is not null).Select(x => (x.Port.Mac!.Value.ToString(), x.Port.At, $"machine {x.Machine.Name} on {network.Key}")),
                "give each port its own, or leave mac out", faults);
        }
        foreach (var (machine, port) in p.AllPorts()) CheckMac(machine, port, faults);
    }

    private static IEnumerable<(string, Location, string)> Links(ProjectSpec p)
    {
        foreach (var n in p.Networks)
        {
            if (n.Bridge is { } bridge) yield return (bridge, n.At, $"the bridge of network {n.Name}");
            if (n is BridgeNetworkSpec { Uplink: { } u } && n.Bridge is not null && u.LinkName() == n.Bridge) yield return (n.Bridge, u.At, $"the uplink of network {n.Name}");
        }
        foreach (var (m, port) in p.AllPorts()) if (port.Tap is { } tap) yield return (tap, port.At, $"the tap of machine {m.Name}");
    }

    private static void CheckMac(MachineSpec machine, PortSpec port, DiagnosticBag faults)
    {
        if (port.Mac is not { } mac || (mac.Value != 0 && !mac.IsMulticast)) return;
        var why = mac.Value == 0 ? "is all zeros" : "is a group address (the first byte is odd)";
        faults.Error(RuleCodes.BadMac, port.At, $"machine {machine.Name}: MAC {mac} {why}", "a machine needs a unicast MAC such as 52:54:00:12:34:56; without mac Weft chooses one");
    }

    private static void Unique(string code, IEnumerable<(string Name, Location At, string What)> items, string hint, DiagnosticBag faults)
    {
        var seen = new Dictionary<string, (Location At, string What)>();
        foreach (var (name, at, what) in items)
        {
            if (seen.TryAdd(name, (at, what))) continue;
            var first = seen[name];
            faults.Error(code, at, $"{what}: {name} is already {first.What}{(first.At.Line > 0 ? $" (line {first.At.Line})" : "")}", hint);
        }
    }
}
