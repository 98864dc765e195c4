using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Spanning tree, multicast and FDB of a bridge.</summary>
internal static class BridgeRules
{
    private const int PriorityStep = 4096;

    // What the kernel takes when the file says nothing (net/bridge/br_device.c).
    private const int DefaultForwardDelay = 15;
    private const int DefaultHello = 2;
    private const int DefaultMaxAge = 20;

    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks)
        {
            if (n.Stp is { Enabled: true } stp) CheckStp(n, stp, faults);
            if (n.Options is { MulticastSnooping: true, MulticastQuerier: false })
                faults.Warn(RuleCodes.Snooping, n.At, $"{n.Title()}: multicast snooping without a querier stops multicast, IPv6 neighbour discovery among it, after minutes", "set multicast_querier: true unless a router on the network queries");
            foreach (var f in n.Fdb) CheckFdb(n, f, p, faults);
            foreach (var mac in n.Fdb.GroupBy(f => f.Mac).Where(IsTwice).Select(g => g.Key))
                faults.Error(RuleCodes.Fdb, n.At, $"{n.Title()}: fdb: {mac} is given twice", "an entry without 'vlan' holds for every VLAN; give one for each VLAN, or one without");
        }
    }

    private static bool IsTwice(IGrouping<MacAddress, FdbSpec> entries) =>
        entries.Count() > 1 && (entries.Any(f => f.Vlan is null) || entries.DistinctBy(f => f.Vlan).Count() < entries.Count());

    private static void CheckStp(NetworkSpec n, StpSpec stp, DiagnosticBag faults)
    {
        if (stp.Priority is { } priority && priority % PriorityStep != 0)
            faults.Warn(RuleCodes.StpPriority, n.At, $"{n.Title()}: STP priority {priority} is no multiple of {PriorityStep}; switches with 802.1t read it otherwise", $"use {priority / PriorityStep * PriorityStep}");
        var (delay, hello, age) = (stp.ForwardDelay ?? DefaultForwardDelay, stp.Hello ?? DefaultHello, stp.MaxAge ?? DefaultMaxAge);
        if (2 * (delay - 1) < age || age < 2 * (hello + 1))
            faults.Warn(RuleCodes.StpTimes, n.At, $"{n.Title()}: STP times forward_delay {delay}, max_age {age}, hello {hello} may let a loop live", "802.1D wants 2 x (forward_delay - 1) >= max_age >= 2 x (hello + 1)");
    }

    private static void CheckFdb(NetworkSpec n, FdbSpec f, ProjectSpec p, DiagnosticBag faults)
    {
        if (f.Mac.IsMulticast || f.Mac.Value == 0) Fault($"MAC {f.Mac} is no unicast address", "an FDB entry leads to one machine");
        if (f.Port == "uplink" && n is not BridgeNetworkSpec { Uplink: not null }) Fault("an entry leads to the uplink, which this bridge does not have", null);
        if (f.Vlan is { } id && n.Vlan is null) Fault($"VLAN {id} has no meaning on a bridge that does not filter VLANs", "give the network vlan: true");
        if (p.Machines.FirstOrDefault(m => m.Name == f.Port) is { } machine && !machine.Ports.Any(x => x.Network == n.Name)) Fault($"machine {machine.Name} has no port on this network", null);

        void Fault(string what, string? hint) => faults.Error(RuleCodes.Fdb, n.At, $"{n.Title()}: fdb: {what}", hint);
    }
}
