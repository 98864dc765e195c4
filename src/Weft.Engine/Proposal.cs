using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Planning;
using Weft.Core.Spec;
using Weft.Engine.Store;

namespace Weft.Engine;

/// <summary>A project's file, read from disk or from the history.</summary>
/// <param name="File">Its name, for diagnostics and the history.</param>
/// <param name="Text">Its text.</param>
public sealed record SpecSource(string File, string Text);

/// <summary>What would be done, worked out against the host as it was.</summary>
/// <param name="Plan">Steps and remarks; with an error among the remarks there are no steps.</param>
/// <param name="Change">What acting on it does to the host and to the allocations.</param>
/// <param name="Existing">The allocations it was worked out from, for a port those near it: when they have changed, it no longer holds.</param>
/// <param name="Given">The same allocations as they will be.</param>
public sealed record Proposal(Plan Plan, Change Change, AllocationState Existing, AllocationState Given)
{
    /// <summary>The file as read; null for destroy and for ports.</summary>
    public ProjectSpec? Spec { get; init; }

    /// <summary>Reads what <see cref="Existing"/> was, which for a port is not all that is given out.</summary>
    internal Func<WeftStore, AllocationState> ReadAgain { get; init; } = store => store.Allocations();

    /// <summary>Generation of the nftables ruleset when the host was read.</summary>
    public uint Generation { get; init; }

    /// <summary>What the history says about it; null for how much was added, changed and removed.</summary>
    internal string? Summary { get; init; }

    /// <summary>True when nothing speaks against it.</summary>
    public bool Succeeded => !Plan.Notes.Any(n => n.Severity == Severity.Error);

    /// <summary>True when a link that the file names is not there.</summary>
    internal bool MissesLink => Plan.Notes.Any(n => n.Code == Diagnostic.MissingLink);

    /// <summary>True when there is nothing to write either, neither to the host nor to the store.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>A proposal that cannot be acted on.</summary>
    internal static Proposal Refused(string project, IEnumerable<Diagnostic> faults, AllocationState existing) =>
        new(new Plan(project, [], [.. faults]), new Change(project, "", "", "", null, [], [], AllocationState.Empty, AllocationState.Empty), existing, existing);
}

/// <summary>How an apply ended.</summary>
public enum OutcomeKind
{
    /// <summary>There was nothing to do.</summary>
    Nothing,
    /// <summary>Done, verified and written.</summary>
    Committed,
    /// <summary>Done and verified; taken back unless confirmed in time.</summary>
    Pending,
    /// <summary>Something failed; the host is as before.</summary>
    Undone,
    /// <summary>The host or the allocations are no longer as the plan found them; nothing was done.</summary>
    Changed,
}

/// <summary>What became of a change.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Revision">Number in the history; 0 when there is none.</param>
/// <param name="Why">Why it was undone or not begun; "" otherwise.</param>
/// <param name="Left">What could not be taken back.</param>
/// <param name="Deadline">When a pending one is taken back.</param>
public sealed record Outcome(OutcomeKind Kind, long Revision, string Why, ImmutableArray<string> Left, DateTimeOffset? Deadline = null)
{
    internal static Outcome Of(OutcomeKind kind, long revision = 0, string why = "") => new(kind, revision, why, []);
}

/// <summary>A change that a command had left open and the next one took back.</summary>
/// <param name="Project">Project.</param>
/// <param name="Verb">What was being done.</param>
/// <param name="At">When it had begun (UTC).</param>
/// <param name="Why">Why it was open.</param>
/// <param name="Left">What could not be taken back.</param>
public sealed record Repair(string Project, string Verb, DateTimeOffset At, string Why, ImmutableArray<string> Left);
