using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Weft.Core.Ipam;

namespace Weft.Engine.Store;

/// <summary>
/// What Weft remembers: projects, revisions, allocations, the journal, and what drivers keep. The only authority on who has which address (M28).
/// Every method that changes something is one transaction and durable when it returns.
/// </summary>
public sealed partial class WeftStore : IDisposable
{
    private readonly SqliteConnection _db;

    /// <summary>Opens or makes the database.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened, or a newer Weft wrote it.</exception>
    public WeftStore(string path) => _db = Database.Open(path);

    /// <summary>All projects, by name.</summary>
    public IReadOnlyList<ProjectRow> Projects => Rows("SELECT name, revision, file, text, shared FROM project ORDER BY name");

    /// <summary>A project as last applied, or null.</summary>
    public ProjectRow? Project(string name) => Rows("SELECT name, revision, file, text, shared FROM project WHERE name = ?1", name).FirstOrDefault();

    /// <summary>Revisions, the newest first.</summary>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<RevisionRow> Revisions(string? project, int limit = int.MaxValue) => _db.List(ReadRevision,
        "SELECT id, project, at, user, verb, file, text, result, summary FROM revision WHERE ?1 IS NULL OR project = ?1 ORDER BY id DESC LIMIT ?2", project, limit);

    /// <summary>A revision, or null.</summary>
    public RevisionRow? Revision(long id) => _db.List(ReadRevision,
        "SELECT id, project, at, user, verb, file, text, result, summary FROM revision WHERE id = ?1", id).FirstOrDefault();

    /// <summary>Everything that is given out.</summary>
    public AllocationState Allocations() => new(
        [.. _db.List(r => StoreJson.Read(r.GetString(0), StoreJson.Default.NetworkAllocation), "SELECT json FROM network ORDER BY rowid")],
        [.. _db.List(r => StoreJson.Read(r.GetString(0), StoreJson.Default.PortAllocation), "SELECT json FROM port ORDER BY rowid")]);

    /// <inheritdoc/>
    public void Dispose() => _db.Dispose();

    private List<ProjectRow> Rows(string sql, params ReadOnlySpan<object?> values) =>
        _db.List(r => new ProjectRow(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetString(3), Lines(r.GetString(4))), sql, values);

    private static RevisionRow ReadRevision(SqliteDataReader r) => new(r.GetInt64(0), r.GetString(1), Time(r.GetString(2)),
        r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetString(8));

    private static ImmutableArray<string> Lines(string text) => text.Length == 0 ? [] : [.. text.Split('\n')];

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
