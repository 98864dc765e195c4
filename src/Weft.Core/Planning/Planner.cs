using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Resources;

namespace Weft.Core.Planning;

/// <summary>What changes hands.</summary>
/// <param name="There">What is somebody else's on the host, and is taken over where it is wanted.</param>
/// <param name="Before">How what was taken over was before, which is given back instead of removed.</param>
public sealed record Takeover(IReadOnlyDictionary<ResourceKey, Resource> There, IReadOnlyDictionary<ResourceKey, Resource> Before)
{
    /// <summary>Nothing.</summary>
    public static readonly Takeover None = new(ImmutableDictionary<ResourceKey, Resource>.Empty, ImmutableDictionary<ResourceKey, Resource>.Empty);
}

/// <summary>
/// Compares what shall be with what is. It knows no mode. The order of acting: first what carries or serves traffic goes, from the top down;
/// then what is new or changed comes, from the ground up, filter before link; last the ground of what went. So an address, a NIC or a name is free
/// before it is used again, and no port is ever there without its policy.
/// </summary>
public static class Planner
{
    /// <summary>Makes the plan of a project.</summary>
    /// <param name="project">The project's name; steps touch only what it owns, and what is shared.</param>
    /// <param name="desired">What it shall be, each key once; empty destroys it.</param>
    /// <param name="observed">What Weft has on the host, of all projects.</param>
    /// <param name="notes">Remarks that go with the plan.</param>
    /// <param name="neededByOthers">
    /// Keys of shared resources that other projects want, so that they stay; null when that is not known: then all shared ones stay while
    /// anything of another project is there.
    /// </param>
    /// <param name="takeover">What changes hands; null for nothing.</param>
    public static Plan Plan(string project, IEnumerable<Resource> desired, IEnumerable<Resource> observed, IEnumerable<Diagnostic> notes,
        IReadOnlySet<ResourceKey>? neededByOthers = null, Takeover? takeover = null)
    {
        var there = new Dictionary<ResourceKey, Resource>();
        foreach (var r in observed) there[r.Key] = r;
        var faults = new DiagnosticBag();
        takeover ??= Takeover.None;
        var (steps, wanted) = Wanted(project, desired, there, takeover, faults);
        foreach (var gone in there.Values.Where(r => !wanted.Contains(r.Key) && MayGo(r, project, there, neededByOthers)))
            steps.Add(takeover.Before.TryGetValue(gone.Key, out var before) ? new Step(gone, before with { Network = gone.Network }, "given back as it was")
                : new Step(gone, null, gone.Owner == Resource.Shared ? "nobody needs it any more" : "not declared any more"));
        steps.Sort(StepOrder.Compare);
        return new(project, faults.HasErrors ? [] : [.. steps], [.. notes, .. faults.Items]);
    }

    private static (List<Step> Steps, HashSet<ResourceKey> Wanted) Wanted(string project, IEnumerable<Resource> desired,
        Dictionary<ResourceKey, Resource> there, Takeover takeover, DiagnosticBag faults)
    {
        var (steps, wanted) = (new List<Step>(), new HashSet<ResourceKey>());
        foreach (var after in desired)
        {
            wanted.Add(after.Key);
            var before = there.GetValueOrDefault(after.Key) ?? takeover.There.GetValueOrDefault(after.Key);
            if (before is { IsForeign: true }) steps.Add(new Step(before, after, Difference.Taking(before, LeftToKernel.Fill(after, before))));
            else if (before is not null && !SameOwner(before, after)) Conflict(project, before, after, faults);
            else if (before is null) steps.Add(new Step(null, after, Creation(after)));
            else if (LeftToKernel.Fill(after, before) is var filled && !filled.Equals(before)) steps.Add(new Step(before, after, Difference.Between(before, filled)));
        }
        return (steps, wanted);
    }

    private static bool SameOwner(Resource before, Resource after) => before.Owner == after.Owner;

    private static void Conflict(string project, Resource before, Resource after, DiagnosticBag faults) =>
        faults.Error("WEFT4001", Location.None,
            $"network {after.Network} of project {project} wants {PlanText.Word(after.Key.Kind)} {after.Key.Name}, which belongs to {(before.Owner == Resource.Shared ? "all projects" : $"network {before.Network} of project {before.Owner}")}",
            "change one of the two");

    private static string Creation(Resource after) =>
        after.Owner == Resource.Shared ? "needed by this project" : $"declared by network {after.Network}";

    private static bool MayGo(Resource r, string project, Dictionary<ResourceKey, Resource> there, IReadOnlySet<ResourceKey>? neededByOthers)
    {
        if (r.Owner == project) return true;
        if (r.Owner != Resource.Shared) return false;
        return neededByOthers is not null ? !neededByOthers.Contains(r.Key) : !there.Values.Any(o => o.Owner != project && o.Owner != Resource.Shared);
    }
}
