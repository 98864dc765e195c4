using System.Collections.Immutable;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Events;

namespace Weft.Engine.Reconcile;

/// <summary>What a <see cref="Reconciler"/> has to tell.</summary>
public enum DriftEventKind
{
    /// <summary>Objects were put back.</summary>
    Repaired,
    /// <summary>Objects are not as declared, and the project wants that reported only. With no objects: all is as declared again.</summary>
    Seen,
    /// <summary>The project cannot be put back: the file does not fit the host any more, or a step was refused and all were taken back. It is tried again.</summary>
    Failed,
    /// <summary>The same objects had to be put back again and again; they are left until the hold is over.</summary>
    BackingOff,
    /// <summary>A command had been killed in the middle, and what it had done was taken back.</summary>
    Recovered,
}

/// <summary>An object that was not as declared.</summary>
/// <param name="Name">As in plans and in the history: "tap wt-web1".</param>
/// <param name="What">What was wrong with it: "was gone", "link down -> up".</param>
public sealed record DriftedObject(string Name, string What)
{
    /// <summary>What a step that puts it back is about.</summary>
    internal static DriftedObject Of(Step step) =>
        new($"{PlanText.Word(step.Key.Kind)} {step.Key.Name}", step.Before is null ? "was gone" : step.After is null ? "is not declared" : step.Why);

    /// <summary>The first objects, and how many more there are.</summary>
    internal static string List(ImmutableArray<DriftedObject> objects)
    {
        const int named = 3;
        return $"{string.Join(", ", objects.Take(named).Select(o => $"{o.Name} ({o.What})"))}{(objects.Length > named ? $" and {objects.Length - named} more" : "")}";
    }
}

/// <summary>Something that happened to a project's objects on the host.</summary>
/// <param name="At">When it was over (UTC).</param>
/// <param name="Project">The project; "" when it is about all of them.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Policy">What the project wants to be done about drift.</param>
/// <param name="Objects">The objects it is about, in the order of the steps.</param>
/// <param name="Duration">From the kernel's first notice until it was over.</param>
public sealed record DriftEvent(DateTimeOffset At, string Project, DriftEventKind Kind, DriftPolicy Policy, ImmutableArray<DriftedObject> Objects, TimeSpan Duration)
{
    /// <summary>Names of the programs that changed nftables, as the kernel has them (at most 15 bytes each); "" when it does not tell, as of links.</summary>
    public string Program { get; init; } = "";
    /// <summary>Why it failed or was taken back; "" otherwise.</summary>
    public string Why { get; init; } = "";
    /// <summary>Number in the history; 0 when there is none.</summary>
    public long Revision { get; init; }
    /// <summary>How long nothing is tried; null when nothing is held.</summary>
    public TimeSpan? Hold { get; init; }

    /// <summary>As an event of the host.</summary>
    public Happening ToHappening() => new(Kind switch
    {
        DriftEventKind.Repaired => EventKind.Repaired,
        DriftEventKind.Seen => EventKind.Drift,
        DriftEventKind.BackingOff => EventKind.Fight,
        DriftEventKind.Recovered => EventKind.Undone,
        _ => EventKind.Error,
    }, ToString())
    {
        Project = Project.Length > 0 ? Project : null,
        Object = Objects.IsEmpty ? null : Objects[0].Name,
        User = Program.Length > 0 ? Program : null,
        Revision = Revision > 0 ? Revision : null,
    };

    private string Words => Kind switch
    {
        DriftEventKind.BackingOff => "backing off",
        DriftEventKind.Seen => Objects.IsEmpty ? "all is as declared again" : "not as declared:",
        var k => k.ToString().ToLowerInvariant(),
    };

    /// <summary>One line for a log.</summary>
    public override string ToString() =>
        $"project {Project}: {Words}{(Objects.IsEmpty ? "" : $" {DriftedObject.List(Objects)}")}{(Program.Length > 0 ? $", changed by {Program}" : "")}"
        + $"{(Why.Length > 0 ? $": {Why}" : "")}{(Hold is { } h ? $"; tried again in {h.TotalSeconds:0.#} s" : "")}";
}
