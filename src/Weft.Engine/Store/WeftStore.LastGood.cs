using System.Globalization;
using Weft.Engine.Apply;

namespace Weft.Engine.Store;

public sealed partial class WeftStore
{
    // Numbers that were given out after the copy was made must not be given out again: whoever follows the history knows them.
    private const int Skipped = 1000;

    /// <summary>Makes the copy from which the database is restored when it is damaged.</summary>
    /// <exception cref="IOException">It cannot be written; the one before is still there.</exception>
    public void Keep() => LastGood.Keep(_db, _path);

    /// <summary>When the copy was made from which the database was restored, when the project's file was not applied again since; otherwise null.</summary>
    public DateTimeOffset? RestoredFrom(string project) =>
        (string?)_db.One("SELECT copied FROM restored WHERE project = ?1", project) is { } copied ? Time(copied) : null;

    /// <summary>The copy of a database, in memory.</summary>
    /// <exception cref="DamagedException">The copy does not hold what was written to it either.</exception>
    /// <exception cref="IOException">It cannot be read, or there is none.</exception>
    internal static WeftStore OfCopy(string path) => new(Database.CopyOf(LastGood.Of(path), path), path);

    /// <summary>Puts this one in the place of the damaged database of its path, which is kept in another file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Replace(string aside) => LastGood.Replace(_path, aside, _db);

    /// <summary>Notes that all that is known is from a copy. Of a change that was open then, nobody knows how it ended, unless its guard still watches.</summary>
    internal void MarkRestored(DateTimeOffset copied, string user, string why, DateTimeOffset at) => _db.Whole(() =>
    {
        if (Open() is { } row && !GuardHandle.IsAlive(row)) _db.Run("DELETE FROM journal");
        _db.Run("UPDATE sqlite_sequence SET seq = seq + ?1", Skipped);
        _db.Run("INSERT OR REPLACE INTO restored(project, copied) SELECT name, ?1 FROM project", Text(copied));
        return _db.Run(
            """
            INSERT INTO revision(project, at, user, verb, file, text, result, summary, same)
                SELECT p.name, ?1, ?2, 'restore', p.file, '', 'restored', ?3, COALESCE(r.same, r.id) FROM project p LEFT JOIN revision r ON r.id = p.revision ORDER BY p.name
            """,
            Text(at), user, string.Create(CultureInfo.InvariantCulture, $"from the copy of {copied:yyyy-MM-dd HH:mm:ss} UTC: {why}"));
    });

    private void Check()
    {
        Database.Check(_db);
        if (LastGood.IsNewer(_db, _path)) throw new DamagedException($"the database {_path} has lost its newest changes: its copy has them");
    }
}
