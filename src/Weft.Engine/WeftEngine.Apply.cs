using System.Collections.Immutable;
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
    /// <param name="probe">Run after the change: says what cannot be reached any more, or null when all is well; null for no probes.</param>
    /// <exception cref="InvalidOperationException">The proposal has faults, or the engine does not hold the lock.</exception>
    /// <exception cref="IOException">The store cannot be written, or the guard not be started; the host was not touched.</exception>
    public Outcome Apply(Proposal proposal, ConfirmOptions? confirm = null, Func<string?>? probe = null)
    {
        var outcome = Carry(proposal, confirm, probe);
        DhcpGuard.Keep(DhcpPaths.Of(_options), _options.DhcpGuard);
        return outcome;
    }

    private Outcome Carry(Proposal proposal, ConfirmOptions? confirm, Func<string?>? probe)
    {
        if (!proposal.Succeeded || _lock is null) throw new InvalidOperationException("a refused proposal cannot be acted on, nor any without the lock");
        if (proposal.IsEmpty) return Outcome.Of(OutcomeKind.Nothing);
        if (proposal.Plan.IsEmpty) return Outcome.Of(OutcomeKind.Committed, Store.Commit(null, proposal.Change, "nothing changed on the host", Now));
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

    private Outcome Act(long id, Proposal proposal, ConfirmOptions? confirm, Func<string?>? probe, GuardHandle? guard)
    {
        var steps = proposal.Change.Steps;
        var applier = new Applier(_drivers.Set, _options.Observer);
        try
        {
            using (var signals = new SignalHold()) // an interrupted apply is taken back in order, not left half-done
            {
                _drivers.Nft.ExpectedGeneration = proposal.Generation;
                applier.Act(steps, signals.Token);
            }
            Check(applier.Verify(steps), probe);
        }
        catch (RulesetChangedException e)
        {
            var undone = Undo(id, proposal, applier, e.Message);
            return undone.Left.IsEmpty ? undone with { Kind = OutcomeKind.Changed } : undone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException or InvalidDataException or ArgumentException)
        {
            return Undo(id, proposal, applier, e.Message);
        }
        return guard is null ? Committed(id, proposal, applier) : Pending(id, confirm!, guard);
    }

    private static void Check(ImmutableArray<string> faults, Func<string?>? probe)
    {
        if (!faults.IsEmpty) throw new IOException($"the host is not as it was made: {string.Join("; ", faults.Take(5))}{(faults.Length > 5 ? $"; and {faults.Length - 5} more" : "")}");
        if (probe?.Invoke() is { Length: > 0 } unreachable) throw new IOException(unreachable);
    }

    private Outcome Committed(long id, Proposal proposal, Applier applier)
    {
        try
        {
            var revision = Store.Commit(id, proposal.Change, Summary(proposal), Now);
            PrepareBoot();
            return Outcome.Of(OutcomeKind.Committed, revision);
        }
        catch (IOException e)
        {
            return Undo(id, proposal, applier, e.Message);
        }
    }

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
        return new Outcome(OutcomeKind.Undone, Store.Undone(id, proposal.Change, why, Now), why, left);
    }

    private static string Summary(Proposal p) =>
        $"{p.Plan.Steps.Count(s => s.Before is null)} added, {p.Plan.Steps.Count(s => s is { Before: not null, After: not null })} changed, {p.Plan.Steps.Count(s => s.After is null)} removed";
}
