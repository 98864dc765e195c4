using Microsoft.Data.Sqlite;
using Weft.Core.Ipam;

namespace Weft.Engine.Store;

/// <summary>Opens the database and brings it to the present schema. A commit is on disk when it returns (WAL, synchronous FULL). Who only reads makes and changes no file.</summary>
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
        """
        CREATE INDEX port_link ON port(json_extract(json, '$.link'));
        """,
    ];

    /// <exception cref="IOException">The file is no database, is of a newer Weft, or cannot be written.</exception>
    public static SqliteConnection Open(string path)
    {
        if (!File.Exists(path)) new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        return Open(path, SqliteOpenMode.ReadWriteCreate, c =>
        {
            c.Run("PRAGMA synchronous=FULL;");
            Migrate(c, path);
        });
    }

    /// <summary>Opens the database as it is; where there is none, an empty one that is nowhere but in memory.</summary>
    /// <exception cref="IOException">The file is no database, is of a newer Weft, or cannot be read.</exception>
    public static SqliteConnection OpenToRead(string path)
    {
        if (!IsReadable(path)) return Open(Memory, SqliteOpenMode.Memory, c => Migrate(c, path));
        var connection = OpenShared(path);
        if ((long)connection.One("PRAGMA user_version")! == Migrations.Length) return connection;
        using (connection) return Copy(connection, path);
    }

    /// <summary>A copy in memory, of the present schema.</summary>
    public static SqliteConnection Copy(SqliteConnection connection, string path) => Open(Memory, SqliteOpenMode.Memory, c =>
    {
        connection.Told(() => { connection.BackupDatabase(c); return 0; });
        Migrate(c, path);
    });

    // SQLite makes files beside a database that it reads, unless it is told that nobody writes: that is so when the log is empty and the folder lets nobody in.
    private static SqliteConnection OpenShared(string path)
    {
        try
        {
            return Open(path, SqliteOpenMode.ReadWrite, c => c.One("SELECT name FROM sqlite_schema LIMIT 1"));
        }
        catch (IOException e) when (e.InnerException is SqliteException { SqliteErrorCode: Sql.SQLITE_READONLY or Sql.SQLITE_CANTOPEN } && new FileInfo($"{path}-wal") is not { Exists: true, Length: > 0 })
        {
            return Open($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly, _ => { });
        }
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"read the database {path}: permission denied: run it with sudo", e);
        }
    }

    private static SqliteConnection Open(string source, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Told(() => { connection.Open(); return 0; });
            connection.Run("PRAGMA busy_timeout=5000;");
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private const string Memory = ":memory:";

    // A new database begins with a number of its own, but the same one each time: apply gives what plan has shown, though plan wrote nothing.
    private static void Migrate(SqliteConnection connection, string path)
    {
        var version = (long)connection.One("PRAGMA user_version")!;
        if (version > Migrations.Length) throw new IOException($"the database {path} was written by a newer weft (schema {version}, this one knows {Migrations.Length}): use that one");
        if (version == Migrations.Length) return;
        connection.Run("PRAGMA journal_mode=WAL;"); // kept in the file
        using var transaction = connection.BeginTransaction(deferred: false);
        version = (long)connection.One("PRAGMA user_version")!; // another command may have been first
        for (var i = (int)version; i < Migrations.Length; i++) connection.Run(Migrations[i]);
        if (version == 0) connection.Run("UPDATE seed SET value = ?1", unchecked((long)StableHash.Of(path)));
        connection.Run($"PRAGMA user_version={Migrations.Length}");
        transaction.Commit();
    }
}
