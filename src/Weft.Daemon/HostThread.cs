using System.Collections.Concurrent;
using Weft.Linux.Libc;
using Weft.Linux.NetNs;

namespace Weft.Daemon;

/// <summary>
/// A thread that is in the target network namespace, and the jobs that wait for it. A namespace belongs to a thread: what the engine does must not hop to
/// another one.
/// </summary>
internal sealed class HostThread : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2); // longer than between the requests of one piece of work, and short enough that nobody wonders

    private const long Much = 32 << 20; // bytes; of that order is what an empty daemon needs
    private static long s_collectedAt; // of all threads

    private readonly BlockingCollection<Action> _jobs;
    private readonly Thread _thread;

    /// <summary>Starts it.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="netns">The namespace; null for the process's own.</param>
    /// <param name="limit">So many jobs may wait at most; more are refused.</param>
    internal HostThread(string name, string? netns, int limit)
    {
        _jobs = new(limit);
        _thread = new Thread(() => NetNamespace.Run(netns, Work)) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a job when its turn has come. One that has begun is not left in the middle.</summary>
    /// <exception cref="BusyException">Too many wait already.</exception>
    internal Task<T> Run<T>(Func<T> job, CancellationToken stop)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_jobs.TryAdd(() => Carry(job, done, stop), 0, CancellationToken.None)) throw new BusyException();
        return done.Task;
    }

    /// <summary>Lets the jobs that wait end, and then the thread.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        while (!_jobs.IsCompleted)
        {
            if (_jobs.TryTake(out var job, Rest)) job();
            else if (!_jobs.IsCompleted) Idle();
            if (job is null && _jobs.TryTake(out job, Timeout.Infinite)) job();
        }
    }

    // What a large change took is given back once nothing more is asked for. A look now and then is not worth the pause.
    private static void Idle()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - Interlocked.Read(ref s_collectedAt) < Much) return;
        Interlocked.Exchange(ref s_collectedAt, allocated);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        FreeMemory.Trim();
    }

    private static void Carry<T>(Func<T> job, TaskCompletionSource<T> done, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            done.SetCanceled(stop);
            return;
        }
        try
        {
            done.SetResult(job());
        }
        catch (Exception e) // belongs to whoever asked for the job
        {
            done.SetException(e);
        }
    }
}

/// <summary>More is asked for at once than is let in.</summary>
internal sealed class BusyException() : IOException("too much is being asked for at once: try again");
