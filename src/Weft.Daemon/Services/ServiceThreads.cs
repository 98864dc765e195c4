using Weft.Engine.Events;
using Weft.Linux.NetNs;

namespace Weft.Daemon.Services;

/// <summary>Loops in the network namespace that go on for as long as the daemon does, each on a thread of its own. What one fails at is told, and tried again.</summary>
internal sealed class ServiceThreads(string? netns, EventLog log) : IDisposable
{
    // What lets a loop fail, a full disk or no inotify instance left, passes; trying so seldom costs nothing meanwhile.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];

    /// <summary>Starts a loop.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="run">Runs until it is stopped.</param>
    internal void Start(string name, Action<CancellationToken> run)
    {
        var thread = new Thread(() => NetNamespace.Run(netns, () => Keep(name, run))) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    /// <summary>Ends all of them; what they are doing is ended first.</summary>
    internal void Stop()
    {
        _stop.Cancel();
        foreach (var t in _threads) t.Join();
    }

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Keep(string name, Action<CancellationToken> run)
    {
        for (var told = ""; !_stop.IsCancellationRequested;)
        {
            try
            {
                run(_stop.Token);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                if (e.Message != told) log.Add(new Happening(EventKind.Error, $"{name}: {told = e.Message}; what is there goes on, and it is tried again every {Again.TotalSeconds} s"));
                _stop.Token.WaitHandle.WaitOne(Again);
            }
        }
    }
}
