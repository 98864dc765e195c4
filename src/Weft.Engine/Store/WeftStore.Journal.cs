using Weft.Core.Ipam;

namespace Weft.Engine.Store;

public sealed partial class WeftStore
{
    /// <summary>Whether a change is open, without what it does.</summary>
    public JournalHead? OpenHead() => _db.List(r => new JournalHead(r.GetInt64(0), Enum.Parse<JournalState>(r.GetString(1)), r.IsDBNull(2) ? null : r.GetInt32(2)),
        "SELECT id, state, guard FROM journal ORDER BY id LIMIT 1").FirstOrDefault();

    /// <summary>The change that is open, or null. There is one at most, unless several ports were made together: a command that finds one repairs or refuses before it begins another.</summary>
    public JournalRow? Open() => Opened(1) is [var first] ? first : null;

    /// <summary>The changes that are open, in the order in which they were begun: more than one where several ports were made together.</summary>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<JournalRow> Opened(int limit = int.MaxValue) => _db.List(r => new JournalRow(r.GetInt64(0), Enum.Parse<JournalState>(r.GetString(1)), Time(r.GetString(2)),
        r.Text(3) is { } deadline ? Time(deadline) : null, r.GetString(4), r.IsDBNull(5) ? null : r.GetInt32(5), StoreJson.ReadChange(r.GetString(6))),
        "SELECT id, state, at, deadline, boot, guard, json FROM journal ORDER BY id LIMIT ?1", limit);

    /// <summary>
    /// Writes down what is about to be done. What a port is made of goes with a reset of the machine, and with it all need to take it back: the journal of such a change outlives this
    /// process, and is not waited for until it would outlive a reset too.
    /// </summary>
    /// <returns>The journal's number.</returns>
    public long Begin(Change change, DateTimeOffset at, string boot) => Begin([change], at, boot)[0];

    /// <summary>As <see cref="Begin(Change, DateTimeOffset, string)"/>, of changes that are carried out together: all of them are written down, or none.</summary>
    /// <returns>Their numbers.</returns>
    public IReadOnlyList<long> Begin(IReadOnlyCollection<Change> changes, DateTimeOffset at, string boot)
    {
        var quickly = !_passing && changes.All(c => c.SameFile);
        if (quickly) _db.Run(Passing);
        try
        {
            return _db.Whole(() => changes.Select(c => (long)_db.One("INSERT INTO journal(state, at, boot, json) VALUES ('Acting', ?1, ?2, CAST(?3 AS TEXT)) RETURNING id", Text(at), boot, StoreJson.Write(c))!).ToList());
        }
        finally
        {
            if (quickly) _db.Run(Durable);
        }
    }

    /// <summary>The change is done and verified, and waits to be confirmed.</summary>
    public void Wait(long id, DateTimeOffset deadline, int guard) =>
        _db.Run("UPDATE journal SET state = 'Pending', deadline = ?2, guard = ?3 WHERE id = ?1", id, Text(deadline), guard);

    /// <summary>The change is good: allocations, project and revision are written and the journal closed, all or nothing.</summary>
    /// <returns>The number of the revision.</returns>
    /// <exception cref="IOException">An allocation contradicts another (a MAC or address given twice): nothing was written.</exception>
    public long Commit(long? id, Change change, string summary, DateTimeOffset at) => Commit([(id, change, summary)], at)[0];

    /// <summary>As <see cref="Commit(long?, Change, string, DateTimeOffset)"/>, of changes that were carried out together: all of them are written, or none.</summary>
    /// <returns>The numbers of their revisions.</returns>
    public IReadOnlyList<long> Commit(IReadOnlyCollection<(long? Id, Change Change, string Summary)> changes, DateTimeOffset at) => _db.Whole(() =>
    {
        foreach (var c in changes) _db.Run("DELETE FROM journal WHERE id = ?1", c.Id); // first: what comes takes its place
        var revisions = changes.Select(c => Commit(c.Change, c.Summary, at)).ToList();
        _db.Run("UPDATE seed SET value = random()");
        Shrink();
        return revisions;
    });

    private long Commit(Change change, string summary, DateTimeOffset at)
    {
        Reallocate(change);
        var revision = AddRevision(change, "committed", summary, at);
        SetProject(change, revision);
        return revision;
    }

    /// <summary>Does some work as if what was <see cref="Suppose"/>d in it were given out. Afterwards nothing of it was.</summary>
    public T Supposing<T>(Func<T> work) => _db.Told(() =>
    {
        using var transaction = _db.BeginTransaction(deferred: false); // never committed
        return work();
    });

    /// <summary>Supposes that something is given out, and that the next draw is another one.</summary>
    public void Suppose(AllocationState given)
    {
        Give(given);
        _db.Run("UPDATE seed SET value = random()");
    }

    /// <summary>The change was taken back.</summary>
    /// <returns>The number under which the history keeps it.</returns>
    public long Undone(long id, Change change, string why, DateTimeOffset at) => Undone([(id, change)], why, at)[0];

    /// <summary>As <see cref="Undone(long, Change, string, DateTimeOffset)"/>, of changes that were to be carried out together.</summary>
    /// <returns>The numbers under which the history keeps them.</returns>
    public IReadOnlyList<long> Undone(IReadOnlyCollection<(long Id, Change Change)> changes, string why, DateTimeOffset at) => _db.Whole(() =>
    {
        var revisions = changes.Select(c => AddRevision(c.Change, "undone", why, at)).ToList();
        Close(changes.Select(c => c.Id));
        return revisions;
    });

    /// <summary>Changes were taken back, and are tried again: the history tells of that.</summary>
    public void Forget(IEnumerable<long> ids) => _db.Whole(() =>
    {
        Close(ids);
        return 0;
    });

    private void Close(IEnumerable<long> ids)
    {
        _db.Each(ids, "DELETE FROM journal WHERE id = ?1", id => [id]);
        Shrink();
    }

    // The journal of a large change is many times what comes of it, and every change copies the whole file.
    private void Shrink()
    {
        const long much = 256; // pages: a megabyte is soon filled again
        if ((long)_db.One("PRAGMA freelist_count")! > much) _db.List(_ => true, "PRAGMA incremental_vacuum");
    }

    private void Assume(Change change)
    {
        Reallocate(change);
        SetProject(change, Project(change.Project)?.Revision ?? 0);
    }

    private long AddRevision(Change c, string result, string summary, DateTimeOffset at) => (long)_db.One(
        """
        INSERT INTO revision(project, at, user, verb, file, text, result, summary, network, machine, same) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10, ?11,
            CASE WHEN ?9 THEN (SELECT COALESCE(r.same, r.id) FROM project p JOIN revision r ON r.id = p.revision WHERE p.name = ?1) END) RETURNING id
        """,
        c.Project, Text(at), c.User, c.Verb, c.File, c.Text ?? "", result, summary, c.SameFile, c.Port?.Network, c.Port?.Machine)!;

    private void SetProject(Change c, long revision)
    {
        if (!c.SameFile) _db.Run("DELETE FROM restored WHERE project = ?1", c.Project);
        if (c.SameFile) _db.Run("UPDATE project SET revision = ?2, shared = ?3 WHERE name = ?1", c.Project, revision, Lines(c.Shared));
        else if (c.Text is null) _db.Run("DELETE FROM project WHERE name = ?1", c.Project);
        else _db.Run("INSERT OR REPLACE INTO project(name, revision, file, text, shared, sketch) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", c.Project, revision, c.File, c.Text, Lines(c.Shared), c.Sketch);
    }

    private void Reallocate(Change c)
    {
        _db.Each(c.Released.Ports, "DELETE FROM port WHERE tap = ?1", p => [p.Tap]);
        _db.Each(c.Released.Ports, "DELETE FROM address WHERE tap = ?1", p => [p.Tap]);
        _db.Each(c.Released.Networks, "DELETE FROM network WHERE bridge = ?1", n => [n.Bridge]);
        Give(c.Given);
    }

    private void Give(AllocationState given)
    {
        _db.Each(given.Networks, "INSERT INTO network(project, name, bridge, json) VALUES (?1, ?2, ?3, ?4)",
            n => [n.Project, n.Network, n.Bridge, System.Text.Json.JsonSerializer.Serialize(n, StoreJson.Default.NetworkAllocation)]);
        _db.Each(given.Ports, "INSERT INTO port(project, network, machine, nr, tap, mac, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            p => [p.Project, p.Network, p.Machine, p.Index, p.Tap, p.Mac.ToString(), System.Text.Json.JsonSerializer.Serialize(p, StoreJson.Default.PortAllocation)]);
        _db.Each(given.Ports.SelectMany(p => p.Addresses, (p, a) => (p, a)), "INSERT INTO address(project, network, address, tap) VALUES (?1, ?2, ?3, ?4)",
            x => [x.p.Project, x.p.Network, x.a.ToString(), x.p.Tap]);
    }
}
