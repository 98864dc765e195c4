using Weft.Core.Ipam;

namespace Weft.Engine.Store;

public sealed partial class WeftStore
{
    /// <summary>Whether a change is open, without what it does.</summary>
    public JournalHead? OpenHead() => _db.List(r => new JournalHead(r.GetInt64(0), Enum.Parse<JournalState>(r.GetString(1)), r.IsDBNull(2) ? null : r.GetInt32(2)),
        "SELECT id, state, guard FROM journal ORDER BY id LIMIT 1").FirstOrDefault();

    /// <summary>The change that is open, or null. There is one at most: a command that finds one repairs or refuses before it begins another.</summary>
    public JournalRow? Open() => _db.List(r => new JournalRow(r.GetInt64(0), Enum.Parse<JournalState>(r.GetString(1)), Time(r.GetString(2)),
        r.Text(3) is { } deadline ? Time(deadline) : null, r.GetString(4), r.IsDBNull(5) ? null : r.GetInt32(5), StoreJson.ReadChange(r.GetString(6))),
        "SELECT id, state, at, deadline, boot, guard, json FROM journal ORDER BY id LIMIT 1").FirstOrDefault();

    /// <summary>
    /// Writes down what is about to be done. What a port is made of goes with a reset of the machine, and with it all need to take it back: the journal of such a change outlives this
    /// process, and is not waited for until it would outlive a reset too.
    /// </summary>
    /// <returns>The journal's number.</returns>
    public long Begin(Change change, DateTimeOffset at, string boot)
    {
        var quickly = change.SameFile && !_passing;
        if (quickly) _db.Run(Passing);
        try
        {
            return (long)_db.One("INSERT INTO journal(state, at, boot, json) VALUES ('Acting', ?1, ?2, CAST(?3 AS TEXT)) RETURNING id", Text(at), boot, StoreJson.Write(change))!;
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
    public long Commit(long? id, Change change, string summary, DateTimeOffset at) => _db.Whole(() =>
    {
        _db.Run("DELETE FROM journal WHERE id = ?1", id); // first: what comes takes its place
        Reallocate(change);
        var revision = AddRevision(change, "committed", summary, at);
        SetProject(change, revision);
        _db.Run("UPDATE seed SET value = random()");
        Shrink();
        return revision;
    });

    /// <summary>The change was taken back.</summary>
    /// <returns>The number under which the history keeps it.</returns>
    public long Undone(long id, Change change, string why, DateTimeOffset at) => _db.Whole(() =>
    {
        var revision = AddRevision(change, "undone", why, at);
        _db.Run("DELETE FROM journal WHERE id = ?1", id);
        Shrink();
        return revision;
    });

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
        INSERT INTO revision(project, at, user, verb, file, text, result, summary, same) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
            CASE WHEN ?9 THEN (SELECT COALESCE(r.same, r.id) FROM project p JOIN revision r ON r.id = p.revision WHERE p.name = ?1) END) RETURNING id
        """,
        c.Project, Text(at), c.User, c.Verb, c.File, c.Text ?? "", result, summary, c.SameFile)!;

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
        _db.Each(c.Given.Networks, "INSERT INTO network(project, name, bridge, json) VALUES (?1, ?2, ?3, ?4)",
            n => [n.Project, n.Network, n.Bridge, System.Text.Json.JsonSerializer.Serialize(n, StoreJson.Default.NetworkAllocation)]);
        _db.Each(c.Given.Ports, "INSERT INTO port(project, network, machine, nr, tap, mac, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            p => [p.Project, p.Network, p.Machine, p.Index, p.Tap, p.Mac.ToString(), System.Text.Json.JsonSerializer.Serialize(p, StoreJson.Default.PortAllocation)]);
        _db.Each(c.Given.Ports.SelectMany(p => p.Addresses, (p, a) => (p, a)), "INSERT INTO address(project, network, address, tap) VALUES (?1, ?2, ?3, ?4)",
            x => [x.p.Project, x.p.Network, x.a.ToString(), x.p.Tap]);
    }
}
