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
    // The text of a revision that left the file as it was is that of the one it names as the same.
    private const string RevisionColumns = "SELECT r.id, r.project, r.at, r.user, r.verb, r.file, COALESCE(s.text, r.text), r.result, r.summary, r.network, r.machine FROM revision r LEFT JOIN revision s ON s.id = r.same ";
    private const string Passing = "PRAGMA synchronous=NORMAL;", Durable = "PRAGMA synchronous=FULL;";
    private readonly SqliteConnection _db;
    private readonly string _path;
    private readonly bool _passing;

    /// <summary>Opens or makes the database.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passing">What is written need not outlive a reset of the machine that follows at once: nothing is waited for but the page cache.</param>
    /// <exception cref="DamagedException">It does not hold what was written to it.</exception>
    /// <exception cref="IOException">It cannot be opened, or a newer Weft wrote it.</exception>
    public WeftStore(string path, bool passing = false) : this(Database.Open(path), path)
    {
        _passing = passing;
        try
        {
            Check();
            if (passing) _db.Run(Passing);
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    private WeftStore(SqliteConnection db, string path) => (_db, _path) = (db, path);

    /// <summary>
    /// Opens the database to look only; an absent one is an empty one. What is declared is what is on the host: a change that waits to be confirmed counts as
    /// made, in a copy of the database that nobody else sees.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DamagedException">It does not hold what was written to it.</exception>
    /// <exception cref="IOException">It cannot be read, or a newer Weft wrote it.</exception>
    public static WeftStore ToRead(string path)
    {
        var store = new WeftStore(Database.OpenToRead(path), path);
        try
        {
            store.Check();
            if (store.Open() is not { State: JournalState.Pending } row) return store;
            var copy = new WeftStore(Database.Copy(store._db, path), path);
            copy.Assume(row.Change);
            store.Dispose();
            return copy;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>All projects, by name.</summary>
    public IReadOnlyList<ProjectRow> Projects => Rows("SELECT name, revision, file, text, shared FROM project ORDER BY name");

    /// <summary>A project as last applied, or null.</summary>
    public ProjectRow? Project(string name) => Rows("SELECT name, revision, file, text, shared FROM project WHERE name = ?1", name).FirstOrDefault();

    /// <summary>A project as last applied, with its sketch (<see cref="Weft.Core.Spec.ProjectSpec.Sketch"/>) for its text where that is shorter; or null.</summary>
    public ProjectRow? Sketch(string name) => Rows("SELECT name, revision, file, COALESCE(sketch, text), shared FROM project WHERE name = ?1", name).FirstOrDefault();

    /// <summary>Names of all projects, in order.</summary>
    public IReadOnlyList<string> ProjectNames => _db.List(r => r.GetString(0), "SELECT name FROM project ORDER BY name");

    /// <summary>Names of the shared resources that projects other than this one need.</summary>
    public IReadOnlySet<string> SharedBesides(string project) =>
        _db.List(r => Lines(r.GetString(0)), "SELECT shared FROM project WHERE name <> ?1", project).SelectMany(names => names).ToHashSet();

    /// <summary>Another number after every commit of another connection: what was read before may be old.</summary>
    public long DataVersion => (long)_db.One("PRAGMA data_version")!;

    /// <summary>The file still looks like a database: what is kept open may have been damaged since.</summary>
    internal bool IsReadable
    {
        get
        {
            try
            {
                return DataVersion >= 0;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>What new MACs and prefixes are drawn from: the same until the next commit, so that apply gives what plan has shown.</summary>
    public ulong Seed => unchecked((ulong)(long)_db.One("SELECT value FROM seed")!);

    /// <summary>Revisions, the newest first.</summary>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<RevisionRow> Revisions(string? project, int limit = int.MaxValue) => _db.List(ReadRevision,
        RevisionColumns + "WHERE ?1 IS NULL OR r.project = ?1 ORDER BY r.id DESC LIMIT ?2", project, limit);

    /// <summary>Revisions that came after one, the oldest first, without the text of their files: who follows the history reads the file of a thousand machines with no port.</summary>
    /// <param name="id">The last one that is known; 0 for all.</param>
    public IReadOnlyList<RevisionRow> RevisionsAfter(long id) =>
        _db.List(ReadRevision, "SELECT id, project, at, user, verb, file, '', result, summary, network, machine FROM revision WHERE id > ?1 ORDER BY id", id);

    /// <summary>Waits until what another is just writing is written: a commit can be read only after its file was, which is all that a watcher is told.</summary>
    /// <exception cref="IOException">The other takes longer than a transaction ever does.</exception>
    public void AwaitWriter() => _db.Whole(() => 0);

    /// <summary>How many revisions came after one, by project, verb and result, with the number of the last of them.</summary>
    /// <param name="id">The last one that is counted already; 0 for none.</param>
    public IReadOnlyList<(string Project, string Verb, string Result, long Count, long Last)> CountRevisions(long id) => _db.List(
        r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4)), "SELECT project, verb, result, count(*), max(id) FROM revision WHERE id > ?1 GROUP BY 1, 2, 3", id);

    /// <summary>A revision, or null.</summary>
    public RevisionRow? Revision(long id) => _db.List(ReadRevision, RevisionColumns + "WHERE r.id = ?1", id).FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose() => _db.Dispose();

    private List<ProjectRow> Rows(string sql, params ReadOnlySpan<object?> values) =>
        _db.List(r => new ProjectRow(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetString(3), Lines(r.GetString(4))), sql, values);

    private static RevisionRow ReadRevision(SqliteDataReader r) => new(r.GetInt64(0), r.GetString(1), Time(r.GetString(2)),
        r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetString(8)) { Network = r.Text(9), Machine = r.Text(10) };

    private static ImmutableArray<string> Lines(string text) => text.Length == 0 ? [] : [.. text.Split('\n')];

    private static string Lines(ImmutableArray<string> lines) => string.Join('\n', lines);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
