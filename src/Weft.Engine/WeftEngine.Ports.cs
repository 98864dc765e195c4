using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Store;
using Weft.Linux.Libc;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Works out what it takes to give a machine, which the file need not know, a port on a network.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="wanted">Network, MAC and addresses.</param>
    /// <param name="project">The project; null when the network's name tells.</param>
    public Proposal ProposePort(string machine, PortSpec wanted, string? project)
    {
        var existing = Store.Allocations();
        if (ProjectOf(wanted.Network, project, existing, out var spec) is { } fault) return Proposal.Refused(project ?? "", [fault], existing);
        var host = HostForPort(existing);
        var given = GiveUnused(ref host, existing, h => Allocator.AddPort(spec!, h, existing, machine, wanted, Now, KernelRandom.Fill));
        if (!given.Succeeded) return Proposal.Refused(spec!.Name, given.Diagnostics, existing);
        var port = given.State.Ports.First(p => p.Project == spec!.Name && p.Network == wanted.Network && p.Machine == machine);
        return ForPort(spec!, "port add", ProjectBuilder.Port(spec!, host, given.State, port), add: true, existing, given.State);
    }

    /// <summary>Works out what it takes to remove a machine's port that the file does not declare.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="network">The network; null when the machine has one such port only.</param>
    /// <param name="project">The project; null when the other two tell.</param>
    public Proposal ProposePortRemoval(string machine, string? network, string? project)
    {
        var existing = Store.Allocations();
        var ports = existing.Ports.Where(p => p.Machine == machine && (network is null || p.Network == network) && (project is null || p.Project == project)).ToList();
        if (ports.Count != 1) return Proposal.Refused(project ?? "", [NotOne(machine, ports)], existing);
        if (ProjectOf(ports[0].Network, ports[0].Project, existing, out var spec) is { } fault) return Proposal.Refused(ports[0].Project, [fault], existing);
        var given = Allocator.RemovePort(existing, ports[0].Project, ports[0].Network, machine);
        if (!given.Succeeded) return Proposal.Refused(spec!.Name, given.Diagnostics, existing);
        return ForPort(spec!, "port rm", ProjectBuilder.Port(spec!, HostForPort(existing), existing, ports[0]), add: false, existing, given.State);
    }

    private Proposal ForPort(ProjectSpec spec, string verb, ImmutableArray<Resource> resources, bool add, AllocationState existing, AllocationState given)
    {
        var generation = _drivers.Nft.Generation();
        var there = Observe(new ReadScope([.. resources.Select(r => r.Key)]));
        // The table of port policy serves all ports: the last port's removal leaves it to the project's next apply or destroy.
        var mine = add ? resources : [.. resources.Where(r => r.Owner == spec.Name)];
        var plan = Planner.Plan(spec.Name, add ? mine : [], add ? there.Values : mine.Where(r => there.ContainsKey(r.Key)).Select(r => there[r.Key]), [], there.Keys.Where(k => !add).ToHashSet());
        var row = Store.Project(spec.Name)!;
        ImmutableArray<string> shared = [.. row.Shared.Union(mine.Where(r => r.Owner == Resource.Shared).Select(r => r.Key.ToString())).Order(StringComparer.Ordinal)];
        var change = NewChange(spec.Name, verb, row.File, row.Text, shared, plan.Steps, existing, given);
        return new Proposal(plan, change, existing, given) { Spec = spec, Generation = generation, IsEmpty = plan.IsEmpty && change.Given.Equals(AllocationState.Empty) && change.Released.Equals(AllocationState.Empty) };
    }

    private Diagnostic? ProjectOf(string network, string? project, AllocationState existing, out ProjectSpec? spec)
    {
        spec = null;
        var found = existing.Networks.Where(n => n.Network == network && (project is null || n.Project == project)).ToList();
        if (found.Count == 0)
            return new("WEFT4003", Severity.Error, $"there is no network {network}{(project is null ? "" : $" in project {project}")}", Location.None,
                Nearest.Hint(network, [.. existing.Networks.Select(n => n.Network).Distinct()]) ?? "apply a file that declares it first");
        if (found.Count > 1)
            return new("WEFT4004", Severity.Error, $"projects {string.Join(", ", found.Select(n => n.Project))} have a network {network} each", Location.None, "say which with --project");
        return Applied(found[0].Project, out spec);
    }

    private Diagnostic? Applied(string project, out ProjectSpec? spec)
    {
        var faults = new DiagnosticBag();
        spec = Store.Project(project) is { } row ? SpecReader.Load(row.File, row.Text, faults) : null;
        return spec is not null ? null
            : new("WEFT4005", Severity.Error, $"the file of project {project} as it was applied cannot be read by this version", Location.None, faults.Items.Count > 0 ? faults.Items[0].Message : "apply it again");
    }

    private static Diagnostic NotOne(string machine, List<PortAllocation> ports) => ports.Count == 0
        ? new("WEFT2010", Severity.Error, $"machine {machine} has no such port", Location.None, "weft show ports lists them")
        : new("WEFT4006", Severity.Error, $"machine {machine} has ports on {string.Join(", ", ports.Select(p => $"{p.Project}/{p.Network}"))}", Location.None, "say which with --network and --project");
}
