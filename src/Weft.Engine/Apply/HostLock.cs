using Weft.Linux.Libc;

namespace Weft.Engine.Apply;

/// <summary>Keeps two commands apart: the second waits, and says for whom.</summary>
internal static class HostLock
{
    /// <summary>Takes the lock of a state directory.</summary>
    /// <param name="paths">The directory.</param>
    /// <param name="what">What the command does, for others that wait for it.</param>
    /// <param name="waiting">Told who holds the lock when it is not free.</param>
    /// <exception cref="IOException">The lock cannot be used.</exception>
    public static FileLock Take(EnginePaths paths, string what, Action<string> waiting)
    {
        var held = FileLock.Try(paths.Lock);
        if (held is null)
        {
            waiting(Holder(paths));
            held = FileLock.Wait(paths.Lock);
        }
        return Named(held, paths, what);
    }

    /// <summary>Takes the lock of a state directory when it is free; null when another command has it.</summary>
    /// <inheritdoc cref="Take"/>
    public static FileLock? Try(EnginePaths paths, string what) => FileLock.Try(paths.Lock) is { } held ? Named(held, paths, what) : null;

    /// <summary>Calls back, from a thread of its own, once the lock was free for a moment.</summary>
    /// <param name="paths">The directory.</param>
    /// <param name="then">Called; must not throw.</param>
    public static void WhenFree(EnginePaths paths, Action then) => new Thread(() =>
    {
        try
        {
            FileLock.Wait(paths.Lock).Dispose();
        }
        catch (LinuxException) // whoever tries to take it next is told
        {
        }
        then();
    })
    { IsBackground = true, Name = "lock" }.Start();

    private static string Holder(EnginePaths paths)
    {
        try
        {
            return File.ReadAllText(paths.Holder);
        }
        catch (FileNotFoundException) // it has just taken the lock and not yet said its name
        {
            return "another weft";
        }
    }

    private static FileLock Named(FileLock held, EnginePaths paths, string what)
    {
        try
        {
            File.WriteAllText(paths.Holder, $"{what} (process {Environment.ProcessId})");
            return held;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw new IOException($"write to the state directory {paths.State}: {e.Message}", e);
        }
    }
}
