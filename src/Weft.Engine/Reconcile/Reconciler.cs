using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine.Apply;
using Weft.Engine.Store;
using Weft.Linux.Libc;

namespace Weft.Engine.Reconcile;

/// <summary>
/// Follows the kernel's notices and puts back what others take away from projects, or reports it, as each project says. It acts as any command does: under the
/// lock, with a journal, read back, in the history as "repair". While another command is at work or a change waits to be confirmed, it waits. What is its own
/// doing, or that of another weft, shows as a host that is as declared, and nothing is written.
/// </summary>
/// <param name="options">Where and for whom.</param>
/// <param name="how">How.</param>
/// <param name="happened">Told what happened, on the thread of <see cref="Run"/>. Must not throw.</param>
public sealed class Reconciler(EngineOptions options, ReconcileOptions how, Action<DriftEvent> happened)
{
    private EngineOptions? _acting; // with what is kept open
    // Of a host with thousands of ports; people do not wait longer for what they broke.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Suspects _suspects = new();
    private readonly SpecCache _specs = new(SpecReader.Load);
    private readonly Dictionary<string, Fights> _fights = [];
    private readonly Dictionary<string, string> _told = []; // by project: what was reported last and still is so
    private readonly Dictionary<string, string> _by = []; // by project: who changed its filters last, of those that were told in time
    private readonly long _start = options.Clock.GetTimestamp();
    private bool _blocked, _failed;
    private int _waiting;
    private int? _guard; // the one whose end wakes
    private CancellationToken _stop;

    private TimeSpan Now => options.Clock.GetElapsedTime(_start);

    /// <summary>Looks at all projects once and then whenever something of theirs may have changed, until it is stopped. The calling thread is in the network namespace.</summary>
    /// <param name="stop">Ends it; a repair that has begun is carried through.</param>
    /// <exception cref="IOException">The store cannot be opened, or the kernel gives no notices.</exception>
    public void Run(CancellationToken stop)
    {
        _stop = stop;
        options.Paths.Prepare();
        FileLock.Try(options.Paths.Lock)?.Dispose(); // the file is there from now on
        using var store = Rescue.OpenUnlocked(options);
        using var watch = new HostWatch(store, options.Paths.Lock, how);
        using var ending = stop.Register(watch.Wake);
        using var keeper = new EngineKeeper(); // most looks find nothing, and come one after the other: what they need is opened once
        _acting = options with { Keeper = keeper };
        foreach (var project in watch.Interests.Projects) _suspects.Add(project, DriftScope.All, Now);
        Look(store, watch);
        how.Ready();
        while (!stop.IsCancellationRequested)
        {
            watch.Wait(Patience());
            // While the lock is waited for, that others close its file means nothing.
            if (watch.Collect(_suspects, () => Now) && Volatile.Read(ref _waiting) == 0) _blocked = false;
            if (!_blocked && !stop.IsCancellationRequested) Look(store, watch);
        }
    }

    // What was as declared was most likely a weft's own doing. Where that goes on and on, a tenth of the time is spent on looking: nobody who changes the host is kept waiting for long.
    private static TimeSpan Rest(TimeSpan look) => look * 9 < LongestRest ? look * 9 : LongestRest;

    private TimeSpan Patience() => _blocked || _suspects.NextDue() is not { } due ? Timeout.InfiniteTimeSpan : due > Now ? due - Now : TimeSpan.Zero;

    private void Look(WeftStore store, HostWatch watch)
    {
        try
        {
            Repair(store, watch);
        }
        catch (Exception e) when (IsOfHost(e)) // told; looked at again after a while
        {
            if (e is DamagedException) Mend();
            Tell(new DriftEvent(options.Clock.GetUtcNow(), "", DriftEventKind.Failed, DriftPolicy.Enforce, [], TimeSpan.Zero) { Why = e.Message, Hold = how.FirstHold });
            foreach (var project in watch.Interests.Projects)
            {
                _suspects.Add(project, DriftScope.All, Now);
                _suspects.Hold(project, DriftScope.All, Now + how.FirstHold);
            }
        }
    }

    // Whoever opens the store to act restores it.
    private void Mend()
    {
        try
        {
            WeftEngine.TryToAct(options, "the restoring of the database")?.Dispose();
        }
        catch (IOException e)
        {
            options.Warn(e.Message);
        }
    }

    private void Repair(WeftStore store, HostWatch watch)
    {
        watch.Refresh();
        var open = store.OpenHead();
        if (open is { State: JournalState.Pending } && GuardHandle.IsAlive(open))
        {
            AwaitGuard(open, watch);
            return;
        }
        if (open is null && !_suspects.HasDue(Now)) return;
        using var engine = WeftEngine.TryToAct(_acting!, "the repair of drift");
        if (engine is null) Await(watch);
        else if (engine.Waiting is { } waiting) AwaitGuard(waiting, watch); // its command had the lock until just now: what is on the host is not what was committed
        else Repair(engine, watch);
    }

    // Whoever ends it takes the lock. A guard that is killed does not: then it is taken back here.
    private void AwaitGuard(JournalHead change, HostWatch watch)
    {
        _blocked = true;
        if (_guard == change.Guard) return;
        _guard = change.Guard;
        GuardHandle.WhenGone(change, watch.Wake, _stop);
    }

    private void Await(HostWatch watch)
    {
        _blocked = true;
        if (Interlocked.Exchange(ref _waiting, 1) == 1) return;
        HostLock.WhenFree(options.Paths, () =>
        {
            Volatile.Write(ref _waiting, 0);
            watch.Wake();
        });
    }

    private void Repair(WeftEngine engine, HostWatch watch)
    {
        watch.Refresh(); // what the last command wrote, if it just ended
        _failed = false;
        if (engine.Repaired is { } r)
            Tell(new DriftEvent(options.Clock.GetUtcNow(), r.Project, DriftEventKind.Recovered, PolicyOf(r.Project, watch), [.. r.Left.Select(l => new DriftedObject(l, "not put back"))], TimeSpan.Zero) { Why = $"{r.Verb}: {r.Why}" });
        foreach (var suspect in _suspects.TakeDue(Now))
            if (engine.Store.Project(suspect.Project) is not { } row) Forget(suspect.Project);
            else if (PolicyOf(row.Name, watch) is not DriftPolicy.Ignore and var policy && !IsAsApplied(engine, row, suspect)) Repair(engine, new DriftCase(row, suspect, engine.Store.RestoredFrom(row.Name) is null ? policy : DriftPolicy.Warn));
        if (!_failed) engine.EndWell();
    }

    // Most of what is told is a port that a weft has just made or taken away: only that one is looked at then.
    private bool IsAsApplied(WeftEngine engine, ProjectRow row, Suspect suspect)
    {
        if (suspect is not { Scope: DriftScope.Links, Ports: { } ports } || _told.ContainsKey(row.Name)) return false;
        var began = Now;
        if (!engine.AreAsApplied(row, _specs, ports)) return false;
        _suspects.Hold(row.Name, DriftScope.Links, Now + Rest(Now - began));
        return true;
    }

    private void Repair(WeftEngine engine, DriftCase drift)
    {
        var began = Now;
        try
        {
            var proposal = engine.ProposeRepair(drift.Row, _specs, drift.Suspect.Scope, drift.By);
            if (!proposal.Succeeded) Refused(drift, proposal);
            else if (drift.Policy == DriftPolicy.Warn) Report(drift, proposal);
            else if (!proposal.Plan.IsEmpty) Act(engine, drift, proposal);
            else _told.Remove(drift.Row.Name);
            if (proposal is { Succeeded: true, Plan.IsEmpty: true }) _suspects.Hold(drift.Row.Name, drift.Suspect.Scope, Now + Rest(Now - began));
        }
        catch (Exception e) when (IsOfHost(e)) // told, and tried again
        {
            _failed = true;
            Failed(drift, [], e.Message);
        }
    }

    private void Act(WeftEngine engine, DriftCase drift, Proposal proposal)
    {
        var (keys, objects) = (proposal.Plan.Steps.Select(s => s.Key), Objects(proposal));
        var outcome = engine.Apply(proposal);
        if (outcome.Kind == OutcomeKind.Changed) _suspects.Add(drift.Row.Name, drift.Suspect.Scope, drift.Suspect.Since); // somebody is at it right now
        else if (outcome.Kind != OutcomeKind.Committed) Failed(drift, objects, outcome.Why, outcome.Revision);
        else
        {
            _told.Remove(drift.Row.Name);
            if (drift.By.Length > 0) _by[drift.Row.Name] = drift.By;
            Tell(Event(drift, DriftEventKind.Repaired, objects) with { Revision = outcome.Revision });
            foreach (var hold in FightsOf(drift).Repaired(keys, Now))
                Hold(drift, hold, [.. proposal.Plan.Steps.Where(s => hold.Keys.Contains(s.Key)).Select(DriftedObject.Of)]);
        }
    }

    private void Hold(DriftCase drift, FightHold hold, ImmutableArray<DriftedObject> objects)
    {
        _suspects.Hold(drift.Row.Name, hold.Part, Now + hold.For);
        // What is changed while a project is looked at is seen before its notice is read.
        var by = drift.By.Length == 0 && hold.Part == DriftScope.Filter ? _by.GetValueOrDefault(drift.Row.Name, "") : drift.By;
        Tell(Event(drift, DriftEventKind.BackingOff, objects) with { Hold = hold.For, Program = by, Why = "another program changes it again and again" });
    }

    private void Failed(DriftCase drift, ImmutableArray<DriftedObject> objects, string why, long revision = 0)
    {
        var holds = FightsOf(drift).Failed(drift.Suspect.Scope, Now);
        foreach (var hold in holds) _suspects.Hold(drift.Row.Name, hold.Part, Now + hold.For);
        _suspects.Add(drift.Row.Name, drift.Suspect.Scope, Now);
        Tell(Event(drift, DriftEventKind.Failed, objects) with { Why = why, Revision = revision, Hold = holds.Max(h => h.For) });
    }

    // The same faults are told once. What the file needs is looked at again when a link comes or goes.
    private void Refused(DriftCase drift, Proposal proposal)
    {
        var why = string.Join("; ", proposal.Plan.Notes.Where(n => n.Severity == Severity.Error).Select(n => n.Message));
        if (IsNew(drift, why)) Tell(Event(drift, DriftEventKind.Failed, []) with { Why = why });
    }

    private void Report(DriftCase drift, Proposal proposal)
    {
        var objects = Objects(proposal);
        var told = _told.ContainsKey(drift.Row.Name);
        if (objects.IsEmpty) _told.Remove(drift.Row.Name);
        if (objects.IsEmpty ? told : IsNew(drift, string.Join('\n', objects))) Tell(Event(drift, DriftEventKind.Seen, objects));
    }

    private bool IsNew(DriftCase drift, string text)
    {
        if (_told.GetValueOrDefault(drift.Row.Name) == text) return false;
        _told[drift.Row.Name] = text;
        return true;
    }

    private void Forget(string project)
    {
        _fights.Remove(project);
        _by.Remove(project);
        _specs.Forget(project);
        _told.Remove(project);
    }

    private void Tell(DriftEvent e) => happened(e);

    private DriftEvent Event(DriftCase drift, DriftEventKind kind, ImmutableArray<DriftedObject> objects) =>
        new(options.Clock.GetUtcNow(), drift.Row.Name, kind, drift.Policy, objects, Now - drift.Suspect.Since) { Program = drift.By };

    private Fights FightsOf(DriftCase drift) => _fights.TryGetValue(drift.Row.Name, out var f) ? f : _fights[drift.Row.Name] = new Fights(how);

    private DriftPolicy PolicyOf(string project, HostWatch watch) => how.Policy ?? watch.Interests.Policies.GetValueOrDefault(project);

    private static ImmutableArray<DriftedObject> Objects(Proposal proposal) => [.. proposal.Plan.Steps.Select(DriftedObject.Of)];

    private static bool IsOfHost(Exception e) => e is IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>A project that is being looked at.</summary>
    private sealed record DriftCase(ProjectRow Row, Suspect Suspect, DriftPolicy Policy)
    {
        public string By => (Suspect.Scope & DriftScope.Filter) == 0 ? "" : string.Join(", ", Suspect.Programs.Order(StringComparer.Ordinal));
    }
}
