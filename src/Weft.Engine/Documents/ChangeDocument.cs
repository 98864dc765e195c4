using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;
using Weft.Core.Planning;

namespace Weft.Engine.Documents;

/// <summary>What was done, and what became of it.</summary>
public sealed record ChangeDocument : StepsDocument
{
    /// <summary>nothing, committed, pending, undone or changed; null when it was refused, or only planned.</summary>
    [JsonPropertyOrder(1)]
    public string? Outcome { get; init; }
    /// <summary>Number in the history.</summary>
    [JsonPropertyOrder(1)]
    public long? Revision { get; init; }
    /// <summary>Why it was undone or not begun.</summary>
    [JsonPropertyOrder(1)]
    public string? Why { get; init; }
    /// <summary>When a pending change is taken back unless it is confirmed (UTC).</summary>
    [JsonPropertyOrder(1)]
    public DateTimeOffset? Deadline { get; init; }
    /// <summary>What could not be taken back.</summary>
    [JsonPropertyOrder(1)]
    public ImmutableArray<string> Left { get; init; } = [];
    /// <summary>The port that was added.</summary>
    [JsonPropertyOrder(3)]
    public PortDocument? Port { get; init; }

    /// <summary>A refused change.</summary>
    /// <param name="repaired">What was taken back before.</param>
    /// <param name="faults">Why.</param>
    public static ChangeDocument Refused(Repair? repaired, params IEnumerable<Diagnostic> faults) =>
        new() { Ok = false, Diagnostics = DiagnosticDocument.Of(faults), Repaired = RepairDocument.Of(repaired) };

    /// <summary>Code of <see cref="NothingWaits"/>.</summary>
    public const string NothingWaitsCode = "WEFT4022";

    /// <summary>There is no change to keep or to take back.</summary>
    public static ChangeDocument NothingWaits => Refused(null, new Diagnostic(NothingWaitsCode, Severity.Error, "no change waits to be confirmed", Location.None));

    /// <summary>A change that is not made, or not yet.</summary>
    public static ChangeDocument Planned(Plan plan) => new()
    {
        Ok = true, Diagnostics = DiagnosticDocument.Of(plan.Notes), Project = plan.Project, Changes = plan.Steps.Length, Steps = StepDocument.Of(plan.Steps), Token = PlanToken.Of(plan.Steps),
    };

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
            Diagnostics = DiagnosticDocument.Of(ok || !proposal.Succeeded ? proposal.Plan.Notes : [.. proposal.Plan.Notes, Failed(outcome.Why)]),
            Project = proposal.Plan.Project,
            File = Words.OrNull(proposal.Change.File),
            Changes = proposal.Plan.Steps.Length,
            Steps = StepDocument.Of(proposal.Plan.Steps),
            Outcome = outcome.Kind.ToString().ToLowerInvariant(),
            Revision = outcome.Revision == 0 ? null : outcome.Revision,
            Why = Words.OrNull(outcome.Why),
            Deadline = outcome.Deadline,
            Left = outcome.Left,
            Repaired = RepairDocument.Of(repaired),
        };
    }

    /// <summary>A change that waited and was taken back.</summary>
    /// <param name="repair">What was taken back.</param>
    /// <param name="asked">Whoever is told asked for that.</param>
    public static ChangeDocument TakenBack(Repair repair, bool asked) => new()
    {
        Ok = asked, Diagnostics = asked ? [] : DiagnosticDocument.Of([Failed(repair.Why)]), Project = repair.Project, Outcome = "undone", Why = repair.Why, Left = repair.Left, Repaired = RepairDocument.Of(repair),
    };

    private static Diagnostic Failed(string why) => new("WEFT0002", Severity.Error, why, Location.None);
}
