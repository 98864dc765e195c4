using System.Collections.Immutable;
using Weft.Core.Resources;
using Weft.Engine.Apply;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.Sysfs;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Acts on a proposal: journal, act, read back, commit or undo.</summary>
    /// <param name="proposal">What to do.</param>
    /// <param name="confirm">When given, how long the change waits to be confirmed; null commits at once.</param>
    /// <param name="probe">Run after the change: says what cannot be reached any more, or null when all is well; stops asking when it is cancelled; null for no probes.</param>
    /// <exception cref="InvalidOperationException">The proposal has faults, or the engine does not hold the lock.</exception>
    /// <exception cref="IOException">The store cannot be written, or the guard not be started; the host was not touched.</exception>
    public Outcome Apply(Proposal proposal, ConfirmOptions? confirm = null, Func<CancellationToken, string?>? probe = null)
    {
        var outcome = Carry(proposal, confirm, probe);
        if (outcome.Kind is OutcomeKind.Committed or OutcomeKind.Pending) KeepCopy(proposal.Change);
        if (outcome.Kind == OutcomeKind.Committed) PrepareBoot();
        if (outcome.Kind is OutcomeKind.Committed or OutcomeKind.Nothing || (outcome.Kind == OutcomeKind.Pending && proposal.Change.Text is not null)) Claim(proposal.Change);
        DhcpGuard.Keep(DhcpPaths.Of(_options), _options.DhcpGuard);
        _endedWell = outcome.Kind is OutcomeKind.Committed or OutcomeKind.Nothing;
        return outcome;
    }

    private Outcome Carry(Proposal proposal, ConfirmOptions? confirm, Func<CancellationToken, string?>? probe)
    {
        if (!proposal.Succeeded || _lock is null) throw new InvalidOperationException("a refused proposal cannot be acted on, nor any without the lock");
        if (proposal.IsEmpty) return Outcome.Of(OutcomeKind.Nothing);
        if (proposal.Plan.IsEmpty) return Outcome.Of(OutcomeKind.Committed, Store.Commit(null, proposal.Change, "nothing changed on the host", Now));
        DhcpWatch.EndLost(DhcpPaths.Of(_options));
        var id = Store.Begin(proposal.Change, Now, Sysctl.BootId);
        using var guard = confirm is null ? null : StartGuard(id, proposal, confirm);
        return Act(id, proposal, confirm, probe, guard);
    }

    private GuardHandle StartGuard(long id, Proposal proposal, ConfirmOptions confirm)
    {
        try
        {
            return GuardHandle.Start(_options, id, confirm.Wait);
        }
        catch (IOException e)
        {
            Store.Undone(id, proposal.Change, e.Message, Now);
            throw;
        }
    }

    private Outcome Act(long id, Proposal proposal, ConfirmOptions? confirm, Func<CancellationToken, string?>? probe, GuardHandle? guard)
    {
        var steps = proposal.Change.Steps;
        var applier = new Applier(_drivers.Set, _options.Observer);
        using var signals = new SignalHold(_options.Interruptible); // until the change is kept or taken back: an interrupted one is not left half-done
        try
        {
            _drivers.Nft.ExpectedGeneration = proposal.Generation;
            applier.Act(steps, signals.Token);
            var faults = applier.Verify(steps);
            if (!faults.IsEmpty) DemandOwnRuleset(steps);
            Check(faults, probe, signals.Token);
            return guard is null ? Committed(id, proposal) : Pending(id, confirm!, guard);
        }
        catch (RulesetChangedException e)
        {
            var undone = Undo(id, proposal, applier, e.Message);
            return undone.Left.IsEmpty ? undone with { Kind = OutcomeKind.Changed } : undone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or OperationCanceledException)
        {
            return Undo(id, proposal, applier, signals.Explains(e) ? $"interrupted by {signals.Asked}" : e.Message);
        }
    }

    // Somebody who changes the ruleset between acting and reading back is met as one who does so between plan and act.
    private void DemandOwnRuleset(ImmutableArray<Step> steps)
    {
        if (steps.Any(s => s.Key.Kind is ResourceKind.NftTable or ResourceKind.NftElement) && _drivers.Nft.ExpectedGeneration is { } own && own != _drivers.Nft.Generation()) throw new RulesetChangedException(own);
    }

    private static void Check(ImmutableArray<string> faults, Func<CancellationToken, string?>? probe, CancellationToken stop)
    {
        if (!faults.IsEmpty) throw new IOException($"the host is not as it was made: {string.Join("; ", faults.Take(5))}{(faults.Length > 5 ? $"; and {faults.Length - 5} more" : "")}");
        if (probe?.Invoke(stop) is { Length: > 0 } unreachable) throw new IOException(unreachable);
        stop.ThrowIfCancellationRequested();
    }

    private Outcome Committed(long id, Proposal proposal) => Outcome.Of(OutcomeKind.Committed, Store.Commit(id, proposal.Change, proposal.Summary ?? Summary(proposal), Now));

    private Outcome Pending(long id, ConfirmOptions confirm, GuardHandle guard)
    {
        var deadline = Now + confirm.Wait;
        Store.Wait(id, deadline, guard.ProcessId);
        return new Outcome(OutcomeKind.Pending, 0, "", [], deadline);
    }

    private Outcome Undo(long id, Proposal proposal, Applier applier, string why)
    {
        _drivers.Nft.ExpectedGeneration = null;
        var left = applier.Undo(proposal.Change.Steps);
        try
        {
            return new Outcome(OutcomeKind.Undone, Store.Undone(id, proposal.Change, why, Now), why, left);
        }
        catch (IOException e) // the journal stays open: taking back twice is as good as once
        {
            return new Outcome(OutcomeKind.Undone, 0, why, [.. left, $"the journal: {e.Message}; the next weft command looks again and closes it"]);
        }
    }

    // Beside the point of the change: the database has it.
    private void KeepCopy(Store.Change change)
    {
        if (change.SameFile && _options.Copy is { } late)
        {
            late.Ask();
            return;
        }
        try
        {
            Store.Keep();
        }
        catch (IOException e)
        {
            _options.Warn($"the copy of the database stays as it was before this change: {e.Message}");
        }
    }

    private static string Summary(Proposal p) =>
        $"{p.Plan.Steps.Count(s => s.Before is null)} added, {p.Plan.Steps.Count(s => s is { Before: not null, After: not null })} changed, {p.Plan.Steps.Count(s => s.After is null)} removed";
}
