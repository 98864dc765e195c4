using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Reconcile;
using Weft.Engine.Store;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Works out what it takes to make a project's part of the host as it was applied last.</summary>
    /// <param name="row">The project as it was applied last.</param>
    /// <param name="specs">Its file, when it was read before.</param>
    /// <param name="scope">What is looked at.</param>
    /// <param name="by">Who changed it, for the history; "" when that is not known.</param>
    internal Proposal ProposeRepair(ProjectRow row, SpecCache specs, DriftScope scope, string by)
    {
        var faults = new DiagnosticBag();
        if (specs.Read(row, faults) is not { } spec) return Proposal.Refused(row.Name, faults.Items, AllocationState.Empty);
        // A hypervisor's link is a machine's port as long as it is there.
        var host = scope == DriftScope.All ? Host(spec) : HostForPort(Store.Networks, ports: Store.GuestPorts.Count > 0);
        return Built(spec, host, faults, (desired, notes, existing, given) => CompareRepair(row, scope, by, desired, notes, existing, given));
    }

    /// <summary>Whether the links of some ports are as they were applied last. The cost does not grow with the other ports.</summary>
    /// <param name="row">The project as it was applied last.</param>
    /// <param name="specs">Its file, when it was read before.</param>
    /// <param name="links">Links that are or were ports of it.</param>
    internal bool AreAsApplied(ProjectRow row, SpecCache specs, IReadOnlySet<PortLink> links)
    {
        if (specs.Read(row, new()) is not { } spec) return false;
        var networks = Store.Networks;
        ImmutableArray<PortAllocation> ports = [.. links.SelectMany(l => Store.PortsOf(l.Tag).Where(p => p.Tap == l.Link || p.Link == l.Link)).Distinct()];
        var alone = spec with { Machines = [.. spec.Machines.Where(m => ports.Any(p => p.Machine == m.Name))] };
        var (host, given) = (HostAsApplied(networks), new AllocationState(networks, ports));
        ImmutableArray<Resource> desired = [.. ports.SelectMany(p => ProjectBuilder.Port(alone, host, given, p)).Where(r => DriftScope.Links.Covers(r.Key.Kind)).DistinctBy(r => r.Key)];
        var there = Observe(new ReadScope([.. desired.Select(r => r.Key).Union(links.Select(l => new ResourceKey(l.Tag.Guest ? ResourceKind.GuestLink : ResourceKind.Tap, l.Link)))]));
        // A hypervisor's link that is gone was taken away by the hypervisor.
        var wanted = desired.Where(r => r.Key.Kind != ResourceKind.GuestLink || there.ContainsKey(r.Key));
        return Planner.Plan(row.Name, wanted, there.Values, [], there.Keys.ToHashSet()) is { IsEmpty: true, Notes.IsEmpty: true };
    }

    private Proposal CompareRepair(ProjectRow row, DriftScope scope, string by, ImmutableArray<Resource> desired, ImmutableArray<Diagnostic> notes, AllocationState existing, AllocationState given)
    {
        var generation = _drivers.Nft.Generation();
        var observed = _drivers.Set.Read(ReadScope.All, k => scope.Covers(k));
        if (Foreign(row.Name, observed.Values) is { } foreign) return Proposal.Refused(row.Name, [foreign], existing);
        var others = NeededByOthers(row.Name, Strangers(observed.Values, row.Name), observed.Values);
        var plan = Planner.Plan(row.Name, desired.Where(r => scope.Covers(r.Key.Kind)), observed.Values, notes, others, Takeover(existing, given, row.Name));
        plan = plan with { Steps = [.. plan.Steps.Where(s => !IsOfItsTime(s))] };
        ImmutableArray<string> shared = [.. row.Shared.Union(SharedAmong(desired)).Order(StringComparer.Ordinal)];
        var change = NewChange(row.Name, "repair", row.File, null, shared, plan.Steps, existing, given) with { SameFile = true };
        return new Proposal(plan, change, existing, given) { Generation = generation, IsEmpty = plan.IsEmpty, Summary = $"{DriftedObject.List([.. plan.Steps.Select(DriftedObject.Of)])}{(by.Length > 0 ? $", changed by {by}" : "")}" };
    }

    // Whether some settings and files are needed is seen from the host as it was when the project was applied: from routes that are on a link, and those may
    // be what somebody took away.
    private static bool IsOfItsTime(Step step) => step is { After: null, Key.Kind: ResourceKind.Sysctl or ResourceKind.HostFile };
}
