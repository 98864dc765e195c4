using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Documents;

/// <summary>What was done, and what became of it.</summary>
public sealed record ChangeDocument : PlanDocument
{
    /// <summary>nothing, committed, pending, undone or changed; null when it was refused.</summary>
    public string? Outcome { get; init; }
    /// <summary>Number in the history.</summary>
    public long? Revision { get; init; }
    /// <summary>Why it was undone or not begun.</summary>
    public string? Why { get; init; }
    /// <summary>When a pending change is taken back unless it is confirmed (UTC).</summary>
    public DateTimeOffset? Deadline { get; init; }
    /// <summary>What could not be taken back.</summary>
    public ImmutableArray<string>? Left { get; init; }
    /// <summary>The port that was added.</summary>
    public PortDocument? Port { get; init; }

    /// <summary>A refused change.</summary>
    /// <param name="repaired">What was taken back before.</param>
    /// <param name="faults">Why.</param>
    public static ChangeDocument Refused(Repair? repaired, params IEnumerable<Diagnostic> faults) =>
        new() { Ok = false, Diagnostics = DiagnosticDocument.Of(faults), Repaired = RepairDocument.Of(repaired) };

    /// <summary>A change that was acted on.</summary>
    /// <param name="proposal">What was to be done.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="repaired">What was taken back before.</param>
    public static ChangeDocument Of(Proposal proposal, Outcome outcome, Repair? repaired)
    {
        var ok = outcome.Kind is OutcomeKind.Committed or OutcomeKind.Nothing or OutcomeKind.Pending;
        return new()
        {
            Ok = ok,
            Diagnostics = DiagnosticDocument.Of(ok ? proposal.Plan.Notes : [.. proposal.Plan.Notes, new Diagnostic("WEFT0002", Severity.Error, outcome.Why, Location.None)]),
            Project = proposal.Plan.Project,
            Changes = proposal.Plan.Steps.Length,
            Steps = StepDocument.Of(proposal.Plan.Steps),
            Outcome = outcome.Kind.ToString().ToLowerInvariant(),
            Revision = outcome.Revision == 0 ? null : outcome.Revision,
            Why = Words.OrNull(outcome.Why),
            Deadline = outcome.Deadline,
            Left = outcome.Left.IsEmpty ? null : outcome.Left,
            Repaired = RepairDocument.Of(repaired),
        };
    }

    /// <summary>A change that waited and was taken back.</summary>
    public static ChangeDocument TakenBack(Repair repair, bool asked) => new() { Ok = asked, Diagnostics = [], Project = repair.Project, Outcome = "undone", Why = repair.Why, Repaired = RepairDocument.Of(repair) };
}
