using Weft.Engine.Apply;

namespace Weft.Engine.Store;

/// <summary>
/// Makes the copy of the database for a service whose ports come and go all the time: once for all that came within a second. The copy is made beside the work of others; the lock is
/// held only to put it in its place. For any thread.
/// </summary>
/// <param name="paths">The folders.</param>
/// <param name="warn">Told when it cannot be written; the one before is still there.</param>
public sealed class LateCopy(EnginePaths paths, Action<string> warn) : IDisposable
{
    // All pages are copied, some milliseconds of work for a thousand ports: well below a hundredth of the time.
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(1);

    private readonly Lock _making = new();
    private Timer? _timer;
    private int _asked;

    /// <summary>Something changed. Who asks has the lock: nothing is waited for.</summary>
    internal void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            LazyInitializer.EnsureInitialized(ref _timer, () => new Timer(_ => Make())).Change(s_after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes the one that was asked for now. Nobody asks any more.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        Make();
    }

    private void Make()
    {
        lock (_making)
            if (Interlocked.Exchange(ref _asked, 0) == 1) Copy();
    }

    private void Copy()
    {
        try
        {
            LastGood.Keep(paths.Database, () => HostLock.Take(paths, "the copy of the database", _ => { }));
        }
        catch (IOException e)
        {
            warn($"the copy of the database stays as it was before the last ports: {e.Message}");
        }
    }
}
