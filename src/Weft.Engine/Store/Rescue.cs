using System.Globalization;
using Weft.Engine.Apply;
using Weft.Linux.Libc;

namespace Weft.Engine.Store;

/// <summary>Opens the store; a damaged database is first restored from its copy, and whoever asked is told.</summary>
internal static class Rescue
{
    private const string Restored = "WEFT4030", BothDamaged = "WEFT4031", CopyShown = "WEFT4032";

    /// <summary>Opens it for one who holds the lock.</summary>
    /// <param name="options">Where, and who is told.</param>
    /// <param name="passing">As in <see cref="WeftStore(string, bool)"/>.</param>
    /// <exception cref="DamagedException">It is damaged, and so is its copy, or there is none.</exception>
    /// <exception cref="IOException">It cannot be opened, or not be restored.</exception>
    public static WeftStore Open(EngineOptions options, bool passing = false)
    {
        try
        {
            return new WeftStore(options.Paths.Database, passing);
        }
        catch (DamagedException e)
        {
            Restore(options, e);
            return new WeftStore(options.Paths.Database, passing);
        }
    }

    /// <summary>Opens it for one who does not hold the lock.</summary>
    /// <inheritdoc cref="Open"/>
    public static WeftStore OpenUnlocked(EngineOptions options, bool passing = false)
    {
        try
        {
            return new WeftStore(options.Paths.Database, passing);
        }
        catch (DamagedException)
        {
            using var held = HostLock.Take(options.Paths, "the restoring of the database", options.Waiting);
            return Open(options, passing);
        }
    }

    /// <summary>Opens it to look only. Where it cannot be restored at once, the copy is looked at.</summary>
    /// <inheritdoc cref="Open"/>
    public static WeftStore ToRead(EngineOptions options)
    {
        try
        {
            return WeftStore.ToRead(options.Paths.Database);
        }
        catch (DamagedException e)
        {
            using var held = TryLock(options.Paths);
            if (held is not null) Open(options).Dispose();
            return held is not null ? WeftStore.ToRead(options.Paths.Database) : Copy(options, e);
        }
    }

    private static WeftStore Copy(EngineOptions options, DamagedException why)
    {
        var copy = OfCopy(options.Paths.Database, why);
        options.Warn($"{CopyShown}: {why.Message}; what is shown is its copy of {Copied(options.Paths.Database)}, until a command that may write restores it");
        return copy;
    }

    private static void Restore(EngineOptions options, DamagedException why)
    {
        var database = options.Paths.Database;
        using var good = OfCopy(database, why);
        good.MarkRestored(File.GetLastWriteTimeUtc(LastGood.Of(database)), options.User, why.Message, options.Clock.GetUtcNow());
        var aside = Aside(Path.GetDirectoryName(database)!, options.Clock.GetUtcNow());
        Replace(database, aside, good);
        options.Warn($"{Restored}: {why.Message}; it was restored from its copy of {Copied(database)}, and is kept as it was in {aside}. "
            + "What was changed after that is still on the host: weft diff shows it, and nothing of it is removed until a project's file was applied again");
    }

    // What is kept already may be of the same second.
    private static string Aside(string folder, DateTimeOffset at)
    {
        var name = Path.Combine(folder, $"damaged-{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}");
        var path = $"{name}.db";
        for (var n = 2; Path.Exists(path); n++) path = $"{name}-{n}.db";
        return path;
    }

    private static WeftStore OfCopy(string database, DamagedException why)
    {
        if (!File.Exists(LastGood.Of(database))) throw Hopeless(database, why, $"there is no copy of it ({LastGood.Of(database)})");
        try
        {
            return WeftStore.OfCopy(database);
        }
        catch (DamagedException e)
        {
            throw Hopeless(database, why, $"so is its copy: {e.Message}");
        }
    }

    private static DamagedException Hopeless(string database, DamagedException why, string copy) =>
        new($"{BothDamaged}: {why.Message}; {copy}. Move both out of {Path.GetDirectoryName(database)}, or put a backup in their place: what is on the host stays as it is, and applying the files again takes it over", why);

    private static string Copied(string database) => File.GetLastWriteTimeUtc(LastGood.Of(database)).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    // Somebody may want to look what happened to it.
    private static void Replace(string database, string aside, WeftStore good)
    {
        try
        {
            if (Directory.Exists(database)) Directory.Move(database, aside);
            good.Replace(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"restore the damaged database {database}, and keep it as {aside}: {e.Message}", e);
        }
    }

    private static FileLock? TryLock(EnginePaths paths)
    {
        try
        {
            return FileLock.Try(paths.Lock);
        }
        catch (IOException) // whoever may not write here may not restore either
        {
            return null;
        }
    }
}
