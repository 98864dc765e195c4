using Microsoft.Data.Sqlite;

namespace Weft.Engine.Store;

/// <summary>Opens the database and brings it to the present schema. A commit is on disk when it returns (WAL, synchronous FULL).</summary>
internal static class Database
{
    /// <summary>One text per version of the schema; PRAGMA user_version says how many have been carried out. Never change one, add one.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE project(name TEXT PRIMARY KEY, revision INTEGER NOT NULL, file TEXT NOT NULL, text TEXT NOT NULL, shared TEXT NOT NULL) STRICT;
        CREATE TABLE revision(id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, at TEXT NOT NULL, user TEXT NOT NULL, verb TEXT NOT NULL,
            file TEXT NOT NULL, text TEXT NOT NULL, result TEXT NOT NULL, summary TEXT NOT NULL) STRICT;
        CREATE TABLE network(project TEXT NOT NULL, name TEXT NOT NULL, bridge TEXT NOT NULL UNIQUE, json TEXT NOT NULL, PRIMARY KEY(project, name)) STRICT;
        CREATE TABLE port(project TEXT NOT NULL, network TEXT NOT NULL, machine TEXT NOT NULL, nr INTEGER NOT NULL, tap TEXT NOT NULL UNIQUE, mac TEXT NOT NULL,
            json TEXT NOT NULL, PRIMARY KEY(project, network, machine, nr), UNIQUE(project, network, mac)) STRICT;
        CREATE TABLE address(project TEXT NOT NULL, network TEXT NOT NULL, address TEXT NOT NULL, tap TEXT NOT NULL, PRIMARY KEY(project, network, address)) STRICT;
        CREATE INDEX address_tap ON address(tap);
        CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, at TEXT NOT NULL, deadline TEXT, boot TEXT NOT NULL, guard INTEGER, json TEXT NOT NULL) STRICT;
        CREATE TABLE sysctl(path TEXT PRIMARY KEY, owner TEXT NOT NULL, network TEXT NOT NULL, value TEXT NOT NULL, original TEXT) STRICT;
        CREATE TABLE uplink(nic TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
        """,
        """
        ALTER TABLE project ADD COLUMN sketch TEXT;
        ALTER TABLE revision ADD COLUMN same INTEGER;
        """,
        """
        CREATE TABLE seed(value INTEGER NOT NULL) STRICT;
        INSERT INTO seed VALUES (random());
        """,
        // Settings of Weft's own bridges: they are part of the bridge's record now, and go with it.
        """
        DELETE FROM sysctl WHERE original IS NULL;
        """,
    ];

    /// <exception cref="IOException">The file is no database, is of a newer Weft, or cannot be written.</exception>
    public static SqliteConnection Open(string path)
    {
        if (!File.Exists(path)) new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Told(() => { connection.Open(); return 0; });
            connection.Run("PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL;");
            Migrate(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        var version = (long)connection.One("PRAGMA user_version")!;
        if (version > Migrations.Length) throw new IOException($"the database {path} was written by a newer weft (schema {version}, this one knows {Migrations.Length}): use that one");
        if (version == Migrations.Length) return;
        connection.Run("PRAGMA journal_mode=WAL;"); // kept in the file
        using var transaction = connection.BeginTransaction(deferred: false);
        version = (long)connection.One("PRAGMA user_version")!; // another command may have been first
        for (var i = (int)version; i < Migrations.Length; i++) connection.Run(Migrations[i]);
        connection.Run($"PRAGMA user_version={Migrations.Length}");
        transaction.Commit();
    }
}
