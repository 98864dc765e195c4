using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Engine.Store;

namespace Weft.Engine.Service;

/// <summary>A change that is wanted of a host.</summary>
public abstract record ChangeRequest
{
    /// <summary>How long it waits to be confirmed before it is taken back; null keeps it at once.</summary>
    public TimeSpan? Confirm { get; init; }
    /// <summary>What must be reachable afterwards, else it is taken back, as <see cref="Weft.Engine.Confirm.ProbeTarget.Parse"/> reads it.</summary>
    public ImmutableArray<string> Probes { get; init; } = [];
    /// <summary>The projects that whoever asks has business with: of others nothing is told, as if they were not there.</summary>
    public Func<string, bool> Sees { get; init; } = _ => true;
    /// <summary>What it does, for others that wait for it.</summary>
    public abstract string What { get; }

    internal abstract Proposal Propose(WeftEngine engine);

    /// <summary>As <see cref="Propose"/>, of a port that may be made together with others; null for all else.</summary>
    internal virtual WeftEngine.PortDraft? Draft(WeftEngine engine, Func<ImmutableArray<NetworkAllocation>, HostModel> host) => null;
}

/// <summary>Make the host as a file says.</summary>
/// <param name="Source">The file.</param>
public sealed record ApplyRequest(SpecSource Source) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => $"apply {Source.File}";

    internal override Proposal Propose(WeftEngine engine) => engine.Propose(Source);
}

/// <summary>Remove everything of a project.</summary>
/// <param name="Project">Its name.</param>
public sealed record DestroyRequest(string Project) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => $"destroy {Project}";

    internal override Proposal Propose(WeftEngine engine) => engine.ProposeDestroy(Project);
}

/// <summary>Apply an earlier revision again.</summary>
/// <param name="Revision">Its number; null for the file applied before the present one.</param>
/// <param name="Project">Of this project; null for the one changed last.</param>
public sealed record RollbackRequest(long? Revision, string? Project) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => Revision is null ? "rollback" : $"rollback {Revision}";

    internal override Proposal Propose(WeftEngine engine) => Target(engine.Store) switch
    {
        null when Revision is null && Adopted(engine.Store) is { } project => engine.ProposeDestroy(project), // before it was Weft's there is what it was
        null => Proposal.Refused(Project ?? "", [NotThere()], engine.Store.Allocations()),
        { Text: "" } target => engine.ProposeDestroy(target.Project),
        var target => engine.Propose(new SpecSource(target.File, target.Text), "rollback"),
    };

    private string? Adopted(WeftStore store) => Carried(store, Project).FirstOrDefault() is { Verb: "adopt", Project: var project } ? project : null;

    private Diagnostic NotThere() => new("WEFT4020", Severity.Error,
        Revision is null ? "there is no earlier revision to go back to" : $"there is no revision {Revision} that was carried out", Location.None, "weft history lists them");

    private RevisionRow? Target(WeftStore store)
    {
        if (Revision is { } wanted) return store.Revision(wanted) is { Result: "committed" } row && Sees(row.Project) ? row : null;
        var last = Carried(store, Project).FirstOrDefault();
        return last is null ? null : Carried(store, last.Project).FirstOrDefault(r => r.Text.Length > 0 && r.Text != last.Text);
    }

    private IEnumerable<RevisionRow> Carried(WeftStore store, string? project) => store.Revisions(project).Where(r => r.Result == "committed" && Sees(r.Project));
}

/// <summary>Give a machine a port on a network.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Network">The network.</param>
/// <param name="Project">Its project; null when the network's name tells.</param>
/// <param name="Mac">Its MAC; null for one of Weft's.</param>
/// <param name="Addresses">Its addresses; free ones where none is named.</param>
public sealed record AddPortRequest(string Machine, string Network, string? Project, MacAddress? Mac, ImmutableArray<IPAddress> Addresses) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => $"port add {Machine} on {Network}";

    /// <summary>The port that was given.</summary>
    internal PortAllocation Given(Proposal p) => p.Given.Ports.First(x => x.Network == Network && x.Machine == Machine && x.Project == p.Plan.Project);

    internal override Proposal Propose(WeftEngine engine)
    {
        if (!SpecText.IsLabel(Machine)) return Proposal.Refused(Project ?? "", [NoName()], AllocationState.Empty);
        return engine.ProposePort(Machine, new PortSpec(Network) { Mac = Mac, Addresses = [.. Addresses] }, Project, Sees);
    }

    internal override WeftEngine.PortDraft? Draft(WeftEngine engine, Func<ImmutableArray<NetworkAllocation>, HostModel> host) =>
        SpecText.IsLabel(Machine) ? engine.DraftPort(Machine, new PortSpec(Network) { Mac = Mac, Addresses = [.. Addresses] }, Project, Sees, host) : null;

    private Diagnostic NoName() => new("WEFT4021", Severity.Error,
        $"'{Machine}' cannot be the name of a machine: it becomes a DNS name, of a-z, 0-9 and '-', at most 63 long", Location.None);
}

/// <summary>Remove a machine's port.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Network">The network; null when the machine has one such port only.</param>
/// <param name="Project">Its project; null when the other two tell.</param>
public sealed record RemovePortRequest(string Machine, string? Network, string? Project) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => Network is null ? $"port rm {Machine}" : $"port rm {Machine} on {Network}";

    internal override Proposal Propose(WeftEngine engine) => engine.ProposePortRemoval(Machine, Network, Project, Sees);

    internal override WeftEngine.PortDraft? Draft(WeftEngine engine, Func<ImmutableArray<NetworkAllocation>, HostModel> host) => engine.DraftPortRemoval(Machine, Network, Project, Sees);
}
