using Weft.Linux.Libc;

namespace Weft.Engine.Dhcp;

/// <summary>Sees to it that dnsmasq runs as the manifest says: called by every command that acts, and by the guard.</summary>
public static class DhcpWatch
{
    /// <summary>Starts dnsmasq when it ought to run and does not: it was killed, or it crashed. Leases are kept.</summary>
    /// <returns>True when it was started.</returns>
    /// <exception cref="DhcpException">It is missing or refuses, or the manifest is damaged.</exception>
    public static bool EnsureRunning(DhcpPaths paths)
    {
        if (!IsWanted(paths)) return false;
        using var held = FileLock.Wait(paths.Lock);
        using var running = DnsmasqProcess.Find(paths);
        // Asked again: the last network may have gone while the lock was waited for.
        if (running is { IsHere: true } || !IsWanted(paths)) return false;
        new DhcpChange(paths, new Manifest(paths.Manifest)).Carry([]);
        return true;
    }

    /// <summary>
    /// Ends a dnsmasq whose files were deleted while it runs: nothing can be told to it any more, and it holds the sockets of the next one.
    /// </summary>
    public static void EndLost(DhcpPaths paths)
    {
        if (Directory.Exists(paths.State) && !File.Exists(paths.Pid)) DnsmasqProcess.EndAll(paths);
    }

    /// <summary>Whether a process of <see cref="DhcpSupervisor"/> watches. It holds a lock, which the kernel frees when it ends, however that comes.</summary>
    public static bool IsGuarded(DhcpPaths paths)
    {
        if (!File.Exists(paths.GuardLock)) return false;
        using var free = FileLock.Try(paths.GuardLock);
        return free is null;
    }

    /// <summary>Whether there is a network to serve.</summary>
    public static bool IsWanted(DhcpPaths paths) => new Manifest(paths.Manifest).Links.Any();
}
