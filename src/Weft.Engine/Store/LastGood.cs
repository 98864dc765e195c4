using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Weft.Engine.Store;

/// <summary>
/// The copy of the database beside it, as it was when the last change was good. It is a database as well. The number of its last revision is in its header, so
/// that a database which lost its newest changes is told from one that has them all.
/// </summary>
internal static class LastGood
{
    // "Application ID" in the header of a file of SQLite (sqlite.org/fileformat2.html#database_header), which SQLite itself neither sets nor reads.
    private const int RevisionAt = 68, HeaderLength = 100;
    private const int PageLength = 4096; // SQLite's own choice
    private const int LogIndexHeaderLength = 96; // two of 48 bytes, with checksums (sqlite.org/walformat.html)

    // Whoever closes a file frees all locks that the process has on it (fcntl_locking(2)), also those of SQLite: a damaged database that this process opened besides
    // stays open until it ends.
    private static readonly List<FileStream> s_opened = [];

    /// <summary>Path of a database's copy.</summary>
    public static string Of(string database) => Path.Combine(Path.GetDirectoryName(database)!, "last-good.db");

    /// <summary>
    /// Makes the copy anew; until the new one is whole, the old one stays. It is not waited for until it is on disk: that the database is, was waited for, and only one
    /// that is lost as well makes the copy needed.
    /// </summary>
    /// <exception cref="IOException">It cannot be written; the old one is still there.</exception>
    public static void Keep(SqliteConnection db, string database) => Keep(db, database, $"{Of(database)}.new", draft => File.Move(draft, Of(database), overwrite: true));

    /// <summary>As <see cref="Keep(SqliteConnection, string)"/>, by one who does not hold the lock: it is taken to put the copy in its place, unless there is a newer one by then.</summary>
    /// <param name="database">The database.</param>
    /// <param name="hold">Takes the lock.</param>
    /// <exception cref="DamagedException">The database does not hold what was written to it; the old one is still there.</exception>
    /// <exception cref="IOException">It cannot be read or written; the old one is still there.</exception>
    public static void Keep(string database, Func<IDisposable> hold)
    {
        using var db = Database.OpenToRead(database);
        Database.Check(db); // what was damaged since the change must not take the place of what is good
        Keep(db, database, $"{Of(database)}.late", draft =>
        {
            using var held = hold();
            if (SignedOf(draft) > (SignedOf(Of(database)) ?? 0)) File.Move(draft, Of(database), overwrite: true);
            else File.Delete(draft);
        });
    }

    private static void Keep(SqliteConnection db, string database, string draft, Action<string> place)
    {
        try
        {
            File.Delete(draft); // of one that was killed
            Database.Create(draft, FileMode.CreateNew).Dispose();
            var revision = Revision(db); // at least: another may commit before the copy is begun
            Database.CopyInto(db, draft);
            Sign(draft, revision);
            place(draft);
        }
        catch (Exception e)
        {
            File.Delete(draft); // what a full disk has no room for must not keep it full
            throw e is UnauthorizedAccessException ? new IOException(e.Message, e) : e;
        }
    }

    /// <summary>Whether the copy knows of changes that the database does not; a copy that is none any more shows that there were some.</summary>
    /// <exception cref="IOException">The copy cannot be read.</exception>
    public static bool IsNewer(SqliteConnection db, string database)
    {
        var revision = unchecked((uint)Revision(db));
        return SignedOf(Of(database)) is { } signed ? signed > revision : revision == 0;
    }

    /// <summary>Keeps a damaged database in another file, and puts the other database in its place. Who has it open, in this process or another, goes on with that.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Replace(string database, string aside, SqliteConnection good)
    {
        using var copy = File.OpenRead(Of(database));
        var file = Open(database, FileMode.OpenOrCreate);
        if (file.Length > 0)
            using (var old = Database.Create(aside, FileMode.Create)) file.CopyTo(old);
        ForgetLog(database);
        Span<byte> first = stackalloc byte[PageLength];
        copy.ReadExactly(first);
        RandomAccess.Write(file.SafeFileHandle, first, 0);
        if (file.Length < copy.Length) file.SetLength(copy.Length); // what the first page says of it
        Database.Fill(database, good);
    }

    // Its changes are in the copy, or are lost. Whoever has it open finds the index of the log void, and makes it anew.
    private static void ForgetLog(string database)
    {
        if (File.Exists($"{database}-wal")) Open($"{database}-wal", FileMode.Open).SetLength(0);
        if (File.Exists($"{database}-shm")) RandomAccess.Write(Open($"{database}-shm", FileMode.Open).SafeFileHandle, new byte[LogIndexHeaderLength], 0);
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
            UnixCreateMode = mode == FileMode.Open ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        lock (s_opened) s_opened.Add(file);
        return file;
    }

    private static long Revision(SqliteConnection db) => (long)db.One("SELECT COALESCE(max(id), 0) FROM revision")!;

    private static void Sign(string file, long revision)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, unchecked((uint)revision));
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, number, RevisionAt);
    }

    // 0 where there is no copy, null where what is there is none.
    private static uint? SignedOf(string copy)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        try
        {
            using var handle = File.OpenHandle(copy);
            return RandomAccess.Read(handle, header, 0) == HeaderLength ? BinaryPrimitives.ReadUInt32BigEndian(header[RevisionAt..]) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"read {copy}: {e.Message}", e);
        }
    }
}
