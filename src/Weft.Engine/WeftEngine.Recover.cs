using System.Collections.Immutable;
using Weft.Engine.Apply;
using Weft.Engine.Store;
using Weft.Linux.Sysfs;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>What a guard prints once nothing can take it down with the terminal any more.</summary>
    public const string GuardReady = "ready";

    /// <summary>The change that waits for its confirmation, or null.</summary>
    public JournalRow? Waiting => Store.OpenHead() is { State: JournalState.Pending } ? Store.Open() : null;

    /// <summary>Makes the change that waits final.</summary>
    /// <returns>Its number in the history.</returns>
    /// <exception cref="InvalidOperationException">Nothing waits.</exception>
    /// <exception cref="IOException">It cannot be written; it goes on waiting.</exception>
    public long Confirm()
    {
        var row = Waiting ?? throw new InvalidOperationException("no change waits to be confirmed");
        var revision = Store.Commit(row.Id, row.Change, $"{row.Change.Steps.Length} steps, confirmed", Now);
        KeepCopy(row.Change);
        PrepareBoot();
        Claim(row.Change);
        GuardHandle.Dismiss(row);
        return revision;
    }

    /// <summary>Takes the change that waits back, before its time is up.</summary>
    /// <param name="why">The reason, for the history.</param>
    /// <exception cref="InvalidOperationException">Nothing waits.</exception>
    public Repair TakeBack(string why)
    {
        var row = Waiting ?? throw new InvalidOperationException("no change waits to be confirmed");
        var repair = TakeBack(row, why);
        GuardHandle.Dismiss(row);
        return repair;
    }

    /// <summary>What the guard does once its time has come: takes the change back when it is still open.</summary>
    /// <param name="options">Where.</param>
    /// <param name="id">The change.</param>
    /// <param name="why">The reason, for the history.</param>
    /// <param name="pending">Also when it is carried out and waits; otherwise only when it was left in the middle.</param>
    /// <returns>The time at which a change that still waits is due; null when there is nothing left to guard.</returns>
    public static DateTimeOffset? Guard(EngineOptions options, long id, string why, bool pending)
    {
        using var held = HostLock.Take(options.Paths, "the guard of an unconfirmed change", options.Waiting);
        using var engine = new WeftEngine(options, null, Rescue.Open(options));
        if (engine.Store.Open() is not { } row || row.Id != id) return null;
        if (row.State == JournalState.Pending && !pending) return row.Deadline;
        engine.TakeBack(row, why);
        return null;
    }

    private Repair? Recover(bool takeBackPending) => Store.Opened() switch
    {
        [] => null,
        [{ State: JournalState.Acting } row, ..] rows => TakeBack(rows, row.Boot == Sysctl.BootId ? "the command was killed in the middle" : "the machine went down in the middle"),
        [var row, ..] when !takeBackPending || GuardHandle.IsAlive(row) => null,
        [var row, ..] => TakeBack(row, row.Boot == Sysctl.BootId ? "it was not confirmed, and its guard is gone" : "the machine went down before it was confirmed"),
    };

    private Repair TakeBack(JournalRow row, string why) => TakeBack([row], why);

    private Repair TakeBack(IReadOnlyList<JournalRow> rows, string why)
    {
        using var signals = new SignalHold(_options.Interruptible); // begun is done
        var left = new Applier(_drivers.Set, null).Undo(Together(rows.Select(r => r.Change)));
        Store.Undone([.. rows.Select(r => (r.Id, r.Change))], why, Now);
        string Each(Func<Change, string> what) => string.Join(", ", rows.Select(r => what(r.Change)).Distinct());
        return new Repair(Each(c => c.Project), Each(c => c.Verb), rows[0].At, why, left);
    }
}
