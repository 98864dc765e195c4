using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine.Apply;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers.Nft;
using Weft.Engine.Service;
using Weft.Engine.Store;
using Weft.Linux.Sysfs;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>
    /// Works out what several ports take, as if each were there when the next one is looked at: no two get the same. What one gives back is free after all of them. The host is read once.
    /// </summary>
    /// <param name="requests">Ports more or less, of different machines.</param>
    /// <returns>A proposal for each; null for one that must be looked at by itself: it cannot be, or is in the way of another.</returns>
    internal IReadOnlyList<Proposal?> ProposeTogether(IReadOnlyList<ChangeRequest> requests)
    {
        HostModel? host = null;
        var drafts = Store.Supposing(() => requests.Select(r => Supposed(r.Draft(this, networks => host ??= HostForPort(networks)))).ToList());
        var finished = Finished([.. drafts.OfType<PortDraft>()]);
        var (next, steps) = (0, new Dictionary<ResourceKey, Step>());
        return [.. drafts.Select(d => d is null || finished[next++] is var p && !IsAside(p, steps) ? null : p)];
    }

    private PortDraft? Supposed(PortDraft? draft)
    {
        if (draft is null or { Refusal: not null }) return null;
        Store.Suppose(Without(draft.Given, draft.Existing));
        return draft;
    }

    // Two may need the same shared thing; what else both change has an order, which only they themselves know.
    private static bool IsAside(Proposal proposal, Dictionary<ResourceKey, Step> steps)
    {
        if (!proposal.Succeeded || proposal.IsEmpty || proposal.Plan.Steps.Any(s => steps.TryGetValue(s.Key, out var other) && s != other)) return false;
        foreach (var s in proposal.Plan.Steps) steps[s.Key] = s;
        return true;
    }

    /// <summary>Acts on ports' proposals as on one: the host is changed, read back and written down once for all of them. In the history each is a change of its own.</summary>
    /// <param name="proposals">What <see cref="ProposeTogether"/> made.</param>
    /// <returns>What became of each; null when they could not be made together, and all is as before: each may be tried by itself.</returns>
    /// <exception cref="IOException">The store cannot be written; the host was not touched.</exception>
    internal IReadOnlyList<Outcome>? ApplyTogether(IReadOnlyList<Proposal> proposals)
    {
        DhcpWatch.EndLost(DhcpPaths.Of(_options));
        var changes = Shared(proposals.Select(p => p.Change));
        var outcomes = Act(changes, Store.Begin(changes, Now, Sysctl.BootId), proposals);
        _endedWell = outcomes?[0].Kind == OutcomeKind.Committed;
        if (!_endedWell) return outcomes;
        KeepCopy(changes[0]);
        PrepareBoot();
        foreach (var change in changes.DistinctBy(c => c.Project)) Claim(change);
        DhcpGuard.Keep(DhcpPaths.Of(_options), _options.DhcpGuard);
        return outcomes;
    }

    // Whichever is written last says what the project needs.
    private static IReadOnlyList<Change> Shared(IEnumerable<Change> changes)
    {
        var all = changes.ToList();
        var needs = all.GroupBy(c => c.Project).ToDictionary(g => g.Key, g => g.SelectMany(c => c.Shared).Distinct().Order(StringComparer.Ordinal).ToImmutableArray());
        return [.. all.Select(c => c with { Shared = needs[c.Project] })];
    }

    private List<Outcome>? Act(IReadOnlyList<Change> changes, IReadOnlyList<long> ids, IReadOnlyList<Proposal> proposals)
    {
        var (steps, applier) = (Together(changes), new Applier(_drivers.Set, _options.Observer));
        using var signals = new SignalHold(_options.Interruptible);
        try
        {
            _drivers.Nft.ExpectedGeneration = proposals[0].Generation;
            applier.Act(steps, signals.Token);
            Check(applier.Verify(steps), null, signals.Token);
            var revisions = Store.Commit([.. proposals.Select((p, i) => ((long?)ids[i], changes[i], Summary(p)))], Now);
            return [.. revisions.Select(r => Outcome.Of(OutcomeKind.Committed, r))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or OperationCanceledException)
        {
            return Undo(changes, ids, applier, steps, e.Message);
        }
    }

    // What could not be taken back is nothing to build on.
    private List<Outcome>? Undo(IReadOnlyList<Change> changes, IReadOnlyList<long> ids, Applier applier, ImmutableArray<Step> steps, string why)
    {
        _drivers.Nft.ExpectedGeneration = null;
        var left = applier.Undo(steps);
        try
        {
            if (!left.IsEmpty) return [.. Store.Undone([.. changes.Select((c, i) => (ids[i], c))], why, Now).Select(r => new Outcome(OutcomeKind.Undone, r, why, left))];
            Store.Forget(ids);
            return null;
        }
        catch (IOException e) // the journal stays open: taking back twice is as good as once
        {
            return [.. changes.Select(_ => new Outcome(OutcomeKind.Undone, 0, why, [.. left, $"the journal: {e.Message}; the next weft command looks again and closes it"]))];
        }
    }

    /// <summary>The steps of changes that are made, or taken back, together.</summary>
    private static ImmutableArray<Step> Together(IEnumerable<Change> changes)
    {
        if (changes.ToList() is not { Count: > 1 } several) return changes.First().Steps;
        var steps = several.SelectMany(c => c.Steps).Distinct().ToList();
        steps.Sort(StepOrder.Compare);
        return [.. steps];
    }
}
