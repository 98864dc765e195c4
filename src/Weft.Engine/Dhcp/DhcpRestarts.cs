using Weft.Linux.Libc;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Dhcp;

/// <summary>Tells when dnsmasq had ended and serves again, whoever started it: its guard, or a command. That a command exchanges it for one with other networks is no restart.</summary>
public static class DhcpRestarts
{
    /// <summary>Watches until it is stopped.</summary>
    /// <param name="paths">Where dnsmasq's files are. The calling thread is in their network namespace.</param>
    /// <param name="told">Called at each restart.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">Its files cannot be watched.</exception>
    public static void Run(DhcpPaths paths, Action told, CancellationToken stop)
    {
        using var files = new FileWatch();
        using var ending = new EventSignal();
        using var wake = stop.Register(ending.Set);
        for (var last = ""; !stop.IsCancellationRequested;)
        {
            using var running = Await(paths, files, ending, ref last, stop);
            if (running is null) return;
            if (running.Folder == last) told();
            last = running.Folder;
            running.WaitForExit(stop);
        }
    }

    private static DnsmasqProcess? Await(DhcpPaths paths, FileWatch files, EventSignal ending, ref string last, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Watch(paths, files);
            if (DnsmasqProcess.Find(paths) is { } found)
            {
                if (found.IsHere) return found;
                found.Dispose();
            }
            if (!DhcpWatch.IsWanted(paths)) last = ""; // its last network went
            Poll.Any(Timeout.InfiniteTimeSpan, files.Descriptor, ending.Descriptor);
        }
        return null;
    }

    // Whoever starts it or ends it has the lock, and closes its file after that. What this does itself is taken out of the events.
    private static void Watch(DhcpPaths paths, FileWatch files)
    {
        Generation.MakeFolder(paths.Run);
        FileLock.Try(paths.Lock)?.Dispose();
        files.Set([paths.Lock]);
        files.Read();
    }
}
