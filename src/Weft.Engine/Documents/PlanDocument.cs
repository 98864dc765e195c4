using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Core.Planning;
using Weft.Core.Resources;

namespace Weft.Engine.Documents;

/// <summary>Steps, and what goes before them.</summary>
public abstract record StepsDocument : Document
{
    /// <summary>The project.</summary>
    public string? Project { get; init; }
    /// <summary>The file it is from.</summary>
    public string? File { get; init; }
    /// <summary>How many steps there are.</summary>
    public int? Changes { get; init; }
    /// <summary>The steps in order.</summary>
    public ImmutableArray<StepDocument> Steps { get; init; } = [];
    /// <summary>What an earlier command had left half-done and this one took back.</summary>
    [JsonPropertyOrder(2)]
    public RepairDocument? Repaired { get; init; }
    /// <summary>Names the plan, so that just this one can be agreed to.</summary>
    [JsonPropertyOrder(2)]
    public string? Token { get; init; }

    /// <summary>The plan again, where it came from another host.</summary>
    public Plan ToPlan() => new(Project ?? "", [.. Steps.Select(s => s.ToStep())], [.. Diagnostics.Select(d => d.ToDiagnostic())]);
}

/// <summary>What would be done.</summary>
public sealed record PlanDocument : StepsDocument, ILook
{
    /// <inheritdoc/>
    [JsonPropertyOrder(3)]
    public OpenDocument? Open { get; init; }

    /// <summary>A proposal's plan; of a refused one only its faults.</summary>
    public static PlanDocument Of(Proposal proposal, Repair? repaired) => new()
    {
        Ok = proposal.Succeeded,
        Diagnostics = DiagnosticDocument.Of(proposal.Plan.Notes),
        Project = Words.OrNull(proposal.Plan.Project),
        File = Words.OrNull(proposal.Change.File),
        Changes = proposal.Succeeded ? proposal.Plan.Steps.Length : null,
        Steps = StepDocument.Of(proposal.Plan.Steps),
        Token = proposal.Succeeded ? PlanToken.Of(proposal.Plan.Steps) : null,
        Repaired = RepairDocument.Of(repaired),
    };
}

/// <summary>A step of a plan.</summary>
/// <param name="Action">add, change or remove.</param>
/// <param name="Kind">What it is about, in a word.</param>
/// <param name="Name">Its name.</param>
/// <param name="Network">The network it is for; null for what serves the host.</param>
/// <param name="Why">The reason.</param>
/// <param name="Before">As it is; null when absent. A record has the members of its kind, without what it has none of.</param>
/// <param name="After">As it shall be; null when it goes.</param>
public sealed record StepDocument(string Action, string Kind, string Name, string? Network, string Why, RecordDocument? Before, RecordDocument? After)
{
    /// <summary>Documents of steps.</summary>
    public static ImmutableArray<StepDocument> Of(ImmutableArray<Step> steps) => [.. steps.Select(Of)];

    /// <summary>The step again, where it came from another host.</summary>
    public Step ToStep() => new(Before?.Resource, After?.Resource, Why);

    private static StepDocument Of(Step s)
    {
        var action = s.Before is null ? "add" : s.After is null ? "remove" : "change";
        return new(action, PlanText.Word(s.Key.Kind), s.Key.Name, Words.OrNull((s.After ?? s.Before)!.Network), s.Why, Short(s.Before), Short(s.After));
    }

    // A table's text is long and the same on every host; its hash says which it is.
    private static RecordDocument? Short(Resource? resource) => resource switch
    {
        null => null,
        NftTableResource table => new(table with { Text = "" }),
        _ => new(resource),
    };
}

/// <summary>A change that a command had left open and a later one took back.</summary>
/// <param name="Project">Project.</param>
/// <param name="Verb">What was being done.</param>
/// <param name="At">When it had begun (UTC).</param>
/// <param name="Why">Why it was open.</param>
/// <param name="Left">What could not be taken back.</param>
public sealed record RepairDocument(string Project, string Verb, DateTimeOffset At, string Why, ImmutableArray<string> Left)
{
    /// <summary>A repair's document.</summary>
    public static RepairDocument? Of(Repair? r) => r is null ? null : new(r.Project, r.Verb, r.At, r.Why, r.Left);
}

/// <summary>What on the host is no longer as applied.</summary>
public sealed record DiffDocument : Document, ILook
{
    /// <summary>A plan for each project.</summary>
    public required ImmutableArray<PlanDocument> Projects { get; init; }
    /// <summary>What an earlier command had left half-done and this one took back.</summary>
    public RepairDocument? Repaired { get; init; }
    /// <inheritdoc/>
    public OpenDocument? Open { get; init; }
}
