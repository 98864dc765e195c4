using Microsoft.Data.Sqlite;
using Weft.Core.Ipam;
using Weft.Linux.Libc;

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
        """
        CREATE TABLE restored(project TEXT PRIMARY KEY, copied TEXT NOT NULL) STRICT;
        """,
        """
        ALTER TABLE revision ADD COLUMN network TEXT;
        ALTER TABLE revision ADD COLUMN machine TEXT;
        """,
    ];

    /// <exception cref="DamagedException">The file is no database, or does not hold what was written to it.</exception>
    /// <exception cref="IOException">It is of a newer Weft, or cannot be written.</exception>
    public static SqliteConnection Open(string path)
    {
        if (Directory.Exists(path)) throw InItsPlace(path);
        if (!File.Exists(path)) Create(path, FileMode.OpenOrCreate).Dispose();
        return Open(path, SqliteOpenMode.ReadWriteCreate, c =>
        {
            c.Run("PRAGMA synchronous=FULL;");
            Migrate(c, path);
        });
    }

    /// <summary>Opens a file for its owner alone.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream Create(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"write {path}: {e.Message}", e);
        }
    }

    /// <summary>Copies a database into a new file, which is not waited for to be on disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void CopyInto(SqliteConnection connection, string file) => Open(file, SqliteOpenMode.ReadWrite, c =>
    {
        c.Run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"); // nobody else knows the file yet
        c.Told(() => { connection.BackupDatabase(c); return 0; });
    }).Dispose();

    /// <summary>Fills a database with another one. Its first page must be one: of the others nothing is read.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Fill(string path, SqliteConnection good) => Open(path, SqliteOpenMode.ReadWrite, c =>
    {
        c.Run("PRAGMA synchronous=FULL;");
        c.Told(() => { good.BackupDatabase(c); return 0; });
    }).Dispose();

    /// <summary>Looks through all of a database: whether its pages fit together and its documents are documents. SQLite keeps no checksums: another digit in a number is not seen.</summary>
    /// <exception cref="DamagedException">Something is not as it was written.</exception>
    public static void Check(SqliteConnection connection)
    {
        try
        {
            var fault = (string?)connection.One("PRAGMA quick_check(1)");
            if (fault == "ok") fault = (string?)connection.One(Documents);
            if (fault is not null) throw new DamagedException($"the database {connection.DataSource}: {fault}");
        }
        catch (IOException e) when (IsOfSchema(e))
        {
            throw new DamagedException(e.Message, e);
        }
    }

    private const string Documents = """
        SELECT 'no JSON in table ' || name FROM (SELECT 'network' AS name, json FROM network UNION ALL SELECT 'port', json FROM port UNION ALL
            SELECT 'journal', json FROM journal UNION ALL SELECT 'uplink', json FROM uplink) WHERE NOT json_valid(json) LIMIT 1
        """;

    // A statement that is right for the schema that the database says it has is wrong.
    private static bool IsOfSchema(IOException e) => e.InnerException is SqliteException { SqliteErrorCode: Sql.SQLITE_ERROR };

    private static DamagedException InItsPlace(string path) => new($"the database {path}: a directory is in its place");

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
            return OpenImmutable(path);
        }
    }

    /// <summary>A checked copy of a database that nobody writes to, in memory and of the present schema.</summary>
    /// <param name="file">The database.</param>
    /// <param name="path">Path of the one that it is a copy of.</param>
    /// <exception cref="DamagedException">It does not hold what was written to it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SqliteConnection CopyOf(string file, string path)
    {
        using var connection = OpenImmutable(file);
        Check(connection);
        return Copy(connection, path);
    }

    private static SqliteConnection OpenImmutable(string path) => Open($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly, _ => { });

    private static bool IsReadable(string path)
    {
        if (Directory.Exists(path)) throw InItsPlace(path);
        try
        {
            return PathAccess.CanRead(path);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
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
        if (version < 0) throw new DamagedException($"the database {path}: no weft has a schema {version}");
        if (version == Migrations.Length) return;
        if (version == 0) connection.Run("PRAGMA auto_vacuum=INCREMENTAL;"); // before there is a table
        connection.Run("PRAGMA journal_mode=WAL;"); // kept in the file
        connection.Whole(() =>
        {
            version = (long)connection.One("PRAGMA user_version")!; // another command may have been first
            for (var i = (int)version; i < Migrations.Length; i++) Migrate(connection, path, i);
            if (version == 0) connection.Run("UPDATE seed SET value = ?1", unchecked((long)StableHash.Of(path)));
            return connection.Run($"PRAGMA user_version={Migrations.Length}");
        });
    }

    // What is said to be of an earlier schema has what a later one made, or has not what its own did.
    private static void Migrate(SqliteConnection connection, string path, int version)
    {
        try
        {
            connection.Run(Migrations[version]);
        }
        catch (IOException e) when (IsOfSchema(e))
        {
            throw new DamagedException($"the database {path} is not of schema {version}, as it says: {e.InnerException!.Message.TrimEnd('.')}", e);
        }
    }
}
