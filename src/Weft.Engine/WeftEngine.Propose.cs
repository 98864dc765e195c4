using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers;
using Weft.Engine.Host;
using Weft.Engine.Store;
using Weft.Linux.Sysfs;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Reads a file and works out what it takes to make the host so. Every fault is in the plan's remarks.</summary>
    /// <param name="source">The file.</param>
    /// <param name="verb">apply or rollback.</param>
    public Proposal Propose(SpecSource source, string verb = "apply")
    {
        var faults = new DiagnosticBag();
        if (SpecReader.Load(source.File, source.Text, faults) is not { } spec) return Proposal.Refused("", faults.Items, AllocationState.Empty);
        return Built(spec, Host(spec), faults, (desired, notes, existing, given) => Compare(spec, source, verb, desired, notes, existing, given));
    }

    private Proposal Built(ProjectSpec spec, HostModel host, DiagnosticBag faults, Func<ImmutableArray<Resource>, ImmutableArray<Diagnostic>, AllocationState, AllocationState, Proposal> compare,
        ImmutableArray<NetworkAllocation> taken = default)
    {
        var existing = Store.Allocations();
        var before = taken.IsDefault ? existing : existing with { Networks = [.. existing.Networks, .. taken] };
        host = host.With(before.Networks);
        var given = Allocate(spec, ref host, before, faults);
        if (faults.HasErrors) return Proposal.Refused(spec.Name, faults.Items, existing);
        var built = ProjectBuilder.Build(spec, host, given, existing);
        ImmutableArray<Diagnostic> notes = [.. faults.Items, .. built.Notes];
        return built.Succeeded ? compare(built.Resources, notes, existing, given) : Proposal.Refused(spec.Name, notes, existing);
    }

    /// <summary>Works out what it takes to remove a project.</summary>
    /// <param name="project">Its name.</param>
    public Proposal ProposeDestroy(string project)
    {
        var (existing, row) = (Store.Allocations(), Store.Project(project));
        var generation = _drivers.Nft.Generation(); // before the host is read: what changes after that is noticed
        var observed = Observe(ReadScope.All);
        if (row is null && !observed.Values.Any(r => r.Owner == project)) return Proposal.Refused(project, [Unknown(project)!], existing);
        if (Foreign(project, observed.Values) is { } foreign) return Proposal.Refused(project, [foreign], existing);
        var strangers = Strangers(observed.Values, project);
        var plan = Planner.Plan(project, [], observed.Values, strangers.Select(Stranger), NeededByOthers(project, strangers, observed.Values), Takeover(existing, AllocationState.Empty, project));
        var given = Allocator.RemoveProject(existing, project);
        var change = NewChange(project, "destroy", row?.File ?? "", null, [], plan.Steps, existing, given);
        return new Proposal(plan, change, existing, given) { Generation = generation };
    }

    /// <summary>Looks whether a proposal that somebody took time to agree to still holds: its steps find what they expect, and nothing else was given out.</summary>
    /// <returns>The proposal against the host as it is now; null when it no longer holds.</returns>
    public Proposal? Refresh(Proposal proposal)
    {
        if (!proposal.ReadAgain(Store).Equals(proposal.Existing)) return null;
        var generation = _drivers.Nft.Generation();
        var there = Observe(new ReadScope([.. proposal.Plan.Steps.Select(s => s.Key)]));
        var foreign = proposal.Given.Networks.SelectMany(Others.Of).ToDictionary(r => r.Key);
        return proposal.Plan.Steps.All(s => Equals(there.GetValueOrDefault(s.Key) ?? foreign.GetValueOrDefault(s.Key), s.Before)) ? proposal with { Generation = generation } : null;
    }

    private AllocationState Allocate(ProjectSpec spec, ref HostModel host, AllocationState existing, DiagnosticBag faults)
    {
        var lost = Lost(spec.Name).RemoveAll(l => spec.Machines.Any(m => m.Name == l.Machine && m.Ports.Any(p => p.Network == l.Network)));
        var result = GiveUnused(ref host, existing, lost, (h, all) => Allocator.Allocate(spec, h, all, Now, Draw()));
        foreach (var d in result.Diagnostics) faults.Add(d);
        return result.State;
    }

    private RandomBytes Draw() => new Draw(Store.Seed, Guid.Parse(Sysctl.BootId)).Fill;

    // An address that somebody has is passed over; one that the file demands cannot be.
    private AllocationResult GiveUnused(ref HostModel host, AllocationState existing, ImmutableArray<PortAllocation> lost, Func<HostModel, AllocationState, AllocationResult> allocate)
    {
        var (wire, all) = (new WireProbe(_socket), And(existing, lost));
        for (HostModel before = host; ; before = host)
        {
            var result = allocate(host, all);
            if (!result.Succeeded) return result;
            result = result with { State = Without(result.State, lost) };
            var used = wire.InUse(Without(result.State, existing).Ports, result.State, Store.HasMac);
            if (used.Count == 0) return result;
            host = host with { Neighbours = [.. host.Neighbours.Union(used.Keys)] };
            if (host.Neighbours.Length == before.Neighbours.Length) return result with { Diagnostics = [.. result.Diagnostics, .. used.Select(u => Taken(u.Key, u.Value, result.State))] };
        }
    }

    private static Diagnostic Taken(IPAddress address, string mac, AllocationState state)
    {
        var port = state.Ports.First(p => p.Addresses.Contains(address));
        return new("WEFT2012", Severity.Error, $"machine {port.Machine}: {address} is in use on network {port.Network}, by {mac}", Location.None, "give it another address, or find out who that is");
    }

    private Proposal Compare(ProjectSpec spec, SpecSource source, string verb, ImmutableArray<Resource> desired, ImmutableArray<Diagnostic> notes, AllocationState existing, AllocationState given)
    {
        var generation = _drivers.Nft.Generation();
        var observed = Observe(ReadScope.All);
        if (Foreign(spec.Name, observed.Values) is { } foreign) return Proposal.Refused(spec.Name, [.. notes, foreign], existing);
        var strangers = Strangers(observed.Values, spec.Name);
        var plan = Planner.Plan(spec.Name, desired, observed.Values, [.. notes, .. strangers.Select(Stranger)], NeededByOthers(spec.Name, strangers, observed.Values), Takeover(existing, given, spec.Name));
        if (Lacking(plan) is { } lacking) return Proposal.Refused(spec.Name, [.. plan.Notes, lacking], existing);
        var restored = Store.RestoredFrom(spec.Name);
        if (restored is { } copied) plan = WithoutRemovals(plan, copied);
        ImmutableArray<string> shared = [.. SharedAmong(desired).Order(StringComparer.Ordinal)];
        var change = NewChange(spec.Name, verb, source.File, source.Text, shared, plan.Steps, existing, given) with { Sketch = spec.Machines.IsEmpty ? null : SpecWriter.Write(spec.Sketch()) };
        var row = Store.Project(spec.Name);
        return new Proposal(plan, change, existing, given)
        {
            Spec = spec,
            Generation = generation,
            IsEmpty = change.IsEmpty && restored is null && row?.Text == source.Text && row.Shared.SequenceEqual(shared),
        };
    }

    // A network more, or one served otherwise, is a dnsmasq started anew.
    private static Diagnostic? Lacking(Plan plan)
    {
        var served = plan.Steps.Select(s => s.After).OfType<DhcpScopeResource>().Select(r => r.Network).Distinct().ToList();
        return served.Count == 0 || DnsmasqProcess.Program is not null ? null
            : new("WEFT4014", Severity.Error, $"dnsmasq is not installed: it would serve DHCP and DNS on {string.Join(", ", served)}", Location.None, $"{DnsmasqProcess.Remedy}; or dhcp: false and dns: false");
    }

    // What the database does not know may have been made after the copy from which it was restored.
    private static Plan WithoutRemovals(Plan plan, DateTimeOffset copied)
    {
        var removed = plan.Steps.Where(s => s.After is null or { IsForeign: true }).ToLookup(s => s.Key.Kind == ResourceKind.NftElement);
        if (removed.Count == 0) return plan;
        List<string> named = [.. removed[false].Select(s => $"{PlanText.Word(s.Key.Kind)} {s.Key.Name}")];
        if (removed[true].Count() is var elements and > 0) named.Add($"{elements} {(elements == 1 ? "element" : "elements")} of policy");
        var note = new Diagnostic("WEFT4033", Severity.Warning, string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"left alone this time, because the database was restored from its copy of {copied:yyyy-MM-dd HH:mm:ss} UTC: {string.Join(", ", named)}"), Location.None,
            "take into the file what was made after that; the next apply removes the rest");
        return plan with { Steps = [.. plan.Steps.Where(s => s.After is { IsForeign: false })], Notes = [.. plan.Notes, note] };
    }

    private static IEnumerable<string> SharedAmong(IEnumerable<Resource> resources) => resources.Where(r => r.Owner == Resource.Shared).Select(r => r.Key.ToString());

    private Change NewChange(string project, string verb, string file, string? text, ImmutableArray<string> shared, ImmutableArray<Step> steps, AllocationState existing, AllocationState given) =>
        new(project, _options.User, verb, file, text, shared, steps, Without(existing, given), Without(given, existing));

    /// <summary>What is in the one and not in the other.</summary>
    private static AllocationState Without(AllocationState all, AllocationState other)
    {
        var (networks, ports) = (other.Networks.ToHashSet(), other.Ports.ToHashSet());
        return new([.. all.Networks.Where(n => !networks.Contains(n))], [.. all.Ports.Where(p => !ports.Contains(p))]);
    }

    // What strangers need is not known: all that is shared stays for them.
    private HashSet<ResourceKey> NeededByOthers(string project, List<string> strangers, IEnumerable<Resource> observed) =>
        [.. Store.SharedBesides(project).Select(ResourceKey.Parse), .. observed.Where(r => strangers.Count > 0 && r.Owner == Resource.Shared).Select(r => r.Key)];

    /// <summary>The fault of naming a project that is not there, with the nearest name; null when it is there.</summary>
    public Diagnostic? Unknown(string project)
    {
        var names = Store.ProjectNames;
        return names.Contains(project) ? null : new("WEFT4002", Severity.Error, $"there is no project {project}", Location.None,
            names.Count == 0 ? "nothing has been applied yet" : Nearest.Hint(project, names));
    }
}
