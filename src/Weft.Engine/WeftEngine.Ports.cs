using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Store;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Works out what it takes to give a machine, which the file need not know, a port on a network. Its cost does not grow with the ports of other networks.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="wanted">Network, MAC and addresses.</param>
    /// <param name="project">The project; null when the network's name tells.</param>
    /// <param name="sees">The projects that whoever asks has business with; null for all. Others are not there.</param>
    public Proposal ProposePort(string machine, PortSpec wanted, string? project, Func<string, bool>? sees = null) => Finished(DraftPort(machine, wanted, project, sees, networks => HostForPort(networks)));

    internal PortDraft DraftPort(string machine, PortSpec wanted, string? project, Func<string, bool>? sees, Func<ImmutableArray<NetworkAllocation>, HostModel> read)
    {
        var networks = Store.Networks;
        if (NetworkOf(wanted.Network, project, [.. networks.Where(n => sees?.Invoke(n.Project) != false)], out var network) is { } unknown) return PortDraft.Refused(project ?? "", [unknown], new(networks, []));
        var existing = Near(Store, networks, network!);
        bool IsIt(PortAllocation p) => p.Project == network!.Project && p.Network == network.Network && p.Machine == machine;
        if (Read(network!.Project, whole: existing.Ports.Any(p => IsIt(p) && p.Declared), out var applied) is { } fault) return PortDraft.Refused(network.Project, [fault], existing);
        var host = read(networks);
        var lost = Lost(network.Project);
        var again = lost.FirstOrDefault(IsIt) is { } had ? Again(wanted, had, network.Subnets) : wanted;
        var given = GiveUnused(ref host, existing, lost.RemoveAll(IsIt), (h, all) => Allocator.AddPort(applied.Spec, h, all, Elsewhere, machine, again, Now, Draw()));
        if (!given.Succeeded) return PortDraft.Refused(network.Project, given.Diagnostics, existing);
        var resources = ProjectBuilder.Port(applied.Spec, host, given.State, given.State.Ports.First(IsIt));
        return new(applied, "port add", resources, resources, existing, given.State, s => Near(s, s.Networks, network));
    }

    /// <summary>Works out what it takes to remove a machine's port that the file does not declare. Its cost does not grow with the ports of others.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="network">The network; null when the machine has one such port only.</param>
    /// <param name="project">The project; null when the other two tell.</param>
    /// <param name="sees">The projects that whoever asks has business with; null for all. Others are not there.</param>
    public Proposal ProposePortRemoval(string machine, string? network, string? project, Func<string, bool>? sees = null) => Finished(DraftPortRemoval(machine, network, project, sees));

    internal PortDraft DraftPortRemoval(string machine, string? network, string? project, Func<string, bool>? sees)
    {
        AllocationState Ports(WeftStore s) =>
            new(s.Networks, [.. s.PortsOf(machine).Where(p => (network is null || p.Network == network) && (project is null || p.Project == project) && sees?.Invoke(p.Project) != false)]);
        var existing = Ports(Store);
        if (project is not null && existing.Ports.IsEmpty && Unknown(project) is { } unknown) return PortDraft.Refused(project, [unknown], existing);
        if (existing.Ports is not [var port]) return PortDraft.Refused(project ?? "", [NotOne(machine, existing.Ports)], existing);
        var given = Allocator.RemovePort(existing, port.Project, port.Network, machine);
        if (!given.Succeeded) return PortDraft.Refused(port.Project, given.Diagnostics, existing);
        if (Read(port.Project, whole: false, out var applied) is { } fault) return PortDraft.Refused(port.Project, [fault], existing);
        var resources = ProjectBuilder.Port(applied.Spec, HostAsApplied(existing.Networks), existing, port);
        return new(applied, "port rm", resources, [], existing, given.State, Ports);
    }

    /// <summary>A project as it was last applied: its row in the store, and what was read from that.</summary>
    internal readonly record struct Applied(ProjectRow Row, ProjectSpec Spec);

    /// <summary>A port more or less, before it is looked what of it is on the host already.</summary>
    internal sealed record PortDraft(Applied Applied, string Verb, ImmutableArray<Resource> Resources, ImmutableArray<Resource> Desired, AllocationState Existing, AllocationState Given,
        Func<WeftStore, AllocationState> ReadAgain)
    {
        /// <summary>Why it cannot be; null when it can.</summary>
        public Proposal? Refusal { get; private init; }

        public static PortDraft Refused(string project, IEnumerable<Diagnostic> faults, AllocationState existing) =>
            new(default, "", [], [], existing, existing, s => s.Allocations()) { Refusal = Proposal.Refused(project, faults, existing) };
    }

    private Elsewhere Elsewhere => new(Store.HasTap, m => Store.HasMac(m.ToString()));

    // Addresses must be unique on the network, MACs on the wire.
    private static AllocationState Near(WeftStore store, ImmutableArray<NetworkAllocation> networks, NetworkAllocation network) =>
        new(networks, [.. networks.Where(n => n.Wire == network.Wire).SelectMany(store.PortsOn)]);

    private Proposal Finished(PortDraft draft) => draft.Refusal ?? Finished([draft])[0];

    // The table of port policy serves all ports: the last port's removal leaves it, as all that is shared, to the project's next apply or destroy.
    private ImmutableArray<Proposal> Finished(IReadOnlyCollection<PortDraft> drafts)
    {
        var generation = _drivers.Nft.Generation();
        var there = Observe(new ReadScope([.. drafts.SelectMany(d => d.Resources).Select(r => r.Key)]));
        return [.. drafts.Select(d => Finished(d, there) with { Generation = generation })];
    }

    private Proposal Finished(PortDraft draft, IReadOnlyDictionary<ResourceKey, Resource> all)
    {
        var there = draft.Resources.Select(r => all.GetValueOrDefault(r.Key)).OfType<Resource>().ToList();
        var (row, plan) = (draft.Applied.Row, Planner.Plan(draft.Applied.Row.Name, draft.Desired, there, [], there.Select(r => r.Key).ToHashSet()));
        ImmutableArray<string> shared = [.. row.Shared.Union(SharedAmong(draft.Desired)).Order(StringComparer.Ordinal)];
        var change = NewChange(row.Name, draft.Verb, row.File, null, shared, plan.Steps, draft.Existing, draft.Given) with { SameFile = true };
        return new Proposal(plan, change, draft.Existing, draft.Given) { IsEmpty = change.IsEmpty, ReadAgain = draft.ReadAgain };
    }

    private Diagnostic? NetworkOf(string name, string? project, ImmutableArray<NetworkAllocation> networks, out NetworkAllocation? network)
    {
        var found = networks.Where(n => n.Network == name && (project is null || n.Project == project)).ToList();
        network = found.FirstOrDefault();
        return found.Count switch
        {
            1 => null,
            0 when project is not null && Unknown(project) is { } unknown => unknown,
            0 => new("WEFT4003", Severity.Error, $"there is no network {name}{(project is null ? "" : $" in project {project}")}", Location.None,
                Nearest.Hint(name, [.. networks.Select(n => n.Network).Distinct()]) ?? "apply a file that declares it first"),
            _ => new("WEFT4004", Severity.Error, $"projects {string.Join(", ", found.Select(n => n.Project))} have a network {name} each", Location.None, "say which with --project"),
        };
    }

    // It was found valid when it was applied. Only a port that the file declares needs the whole of it.
    private Diagnostic? Read(string project, bool whole, out Applied applied)
    {
        var (faults, row) = (new DiagnosticBag(), whole ? Store.Project(project) : Store.Sketch(project));
        var spec = row is null ? null : whole ? SpecReader.Read(row.File, row.Text, faults) : _parts.Sketches.Read(row, faults);
        applied = spec is null ? default : new(row!, spec);
        return spec is not null ? null
            : new("WEFT4005", Severity.Error, $"the file of project {project} as it was applied cannot be read by this version", Location.None, faults.Items.Count > 0 ? faults.Items[0].Message : "apply it again");
    }

    private static Diagnostic NotOne(string machine, ImmutableArray<PortAllocation> ports) => ports.IsEmpty
        ? new("WEFT2010", Severity.Error, $"machine {machine} has no such port", Location.None, "weft show ports lists them")
        : new("WEFT4006", Severity.Error, $"machine {machine} has ports on {string.Join(", ", ports.Select(p => $"{p.Project}/{p.Network}"))}", Location.None, "say which with --network and --project");
}
