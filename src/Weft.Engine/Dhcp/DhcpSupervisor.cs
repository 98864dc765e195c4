using Weft.Linux.Libc;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Watches over dnsmasq in a process of its own: waits, without polling, until it ends, and starts it again unless that was wanted. It needs not
/// be dnsmasq's parent, so that commands may exchange dnsmasq under its eyes, and dnsmasq serves on when it is killed.
/// </summary>
public static class DhcpSupervisor
{
    // A process that ran this long was well; its end is the first of a new series.
    private static readonly TimeSpan s_well = TimeSpan.FromSeconds(10);
    // The first end is mended at once, the next ones wait: 0.1, 0.2, 0.4 ... seconds; a cause that lasts is not tried more than twice a minute.
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100), s_longest = TimeSpan.FromSeconds(30);

    /// <summary>Watches until no network is left to serve. Returns when another process watches already.</summary>
    /// <param name="paths">Where the files are. The calling thread is in their network namespace.</param>
    /// <param name="ready">Called when it watches, or another process does.</param>
    /// <param name="say">Told of each restart and each failure to start.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends the watching; dnsmasq runs on. It is noticed when dnsmasq ends, or while a restart is waited for.</param>
    public static void Run(DhcpPaths paths, Action ready, Action<string> say, TimeProvider time, CancellationToken stop)
    {
        if (!Directory.Exists(paths.Run)) return;
        using var guard = TakeOver(paths, stop);
        ready();
        if (guard is null) return;
        var delay = TimeSpan.Zero;
        while (!stop.IsCancellationRequested && DhcpWatch.IsWanted(paths))
        {
            if (delay > TimeSpan.Zero && stop.WaitHandle.WaitOne(delay)) return;
            var since = time.GetTimestamp();
            var mended = Mend(paths, say);
            Await(paths, stop);
            // One that a command exchanged did not fail.
            delay = mended && time.GetElapsedTime(since) < s_well ? Next(delay) : TimeSpan.Zero;
        }
    }

    // Who only looks whether there is a guard holds the lock too, for microseconds; who holds it all this time is one.
    private static FileLock? TakeOver(DhcpPaths paths, CancellationToken stop)
    {
        for (var i = 0; i < 20; i++)
        {
            if (FileLock.Try(paths.GuardLock) is { } held) return held;
            if (stop.WaitHandle.WaitOne(5)) return null;
        }
        return null;
    }

    private static TimeSpan Next(TimeSpan delay) => delay == TimeSpan.Zero ? s_first : delay * 2 < s_longest ? delay * 2 : s_longest;

    private static bool Mend(DhcpPaths paths, Action<string> say)
    {
        try
        {
            if (!DhcpWatch.EnsureRunning(paths)) return false;
            say("dnsmasq had ended and was started again");
        }
        catch (IOException e)
        {
            say(e.Message); // tried again later; meanwhile the networks show as drift
        }
        return true;
    }

    private static void Await(DhcpPaths paths, CancellationToken stop)
    {
        using var running = DnsmasqProcess.Find(paths);
        if (running is { IsHere: true }) running.WaitForExit(stop);
    }
}
