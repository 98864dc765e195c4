namespace Weft.Engine.Events;

/// <summary>Wakes when somebody writes to the database. A commit is appended to its write-ahead log beside it, which inotify tells.</summary>
internal sealed class DatabaseWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly AutoResetEvent _written = new(false);

    /// <param name="database">The file.</param>
    /// <exception cref="IOException">The kernel gives no inotify instance: there are too many (fs.inotify.max_user_instances).</exception>
    public DatabaseWatch(string database)
    {
        _watcher = new(Path.GetDirectoryName(database)!, Path.GetFileName(database) + "*") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
        _watcher.Changed += (_, _) => _written.Set();
        _watcher.Created += (_, _) => _written.Set();
        _watcher.Error += (_, _) => _written.Set(); // more than the kernel's queue holds: look anyway
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits for the next write; true at once when there was one since the last time.</summary>
    /// <returns>False when it was stopped.</returns>
    public bool Wait(CancellationToken stop) => WaitHandle.WaitAny([stop.WaitHandle, _written]) == 1;

    public void Dispose()
    {
        _watcher.Dispose();
        _written.Dispose();
    }
}
