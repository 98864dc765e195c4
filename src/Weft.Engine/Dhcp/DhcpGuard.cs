using System.ComponentModel;
using System.Diagnostics;
using Weft.Linux.NetNs;

namespace Weft.Engine.Dhcp;

/// <summary>The process in which <see cref="DhcpSupervisor"/> watches: how a command starts it, and what it does.</summary>
public static class DhcpGuard
{
    /// <summary>What the guard prints when it watches; the command that started it waits for that.</summary>
    public const string Ready = "ready";

    /// <summary>Starts a guard when there is a network to serve and nobody watches.</summary>
    /// <param name="paths">Where the files are.</param>
    /// <param name="command">Program and arguments of the guard; empty starts none.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static void Keep(DhcpPaths paths, IReadOnlyList<string> command)
    {
        if (command.Count == 0 || !DhcpWatch.IsWanted(paths) || DhcpWatch.IsGuarded(paths)) return;
        // Pipes of its own: whoever reads this command's output does not wait for the guard's end.
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        try
        {
            using var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() != Ready) throw new DhcpException($"start the guard of DHCP {command[0]}: {process.StandardError.ReadToEnd().Trim()}; DHCP is served, but not started again when it ends");
        }
        catch (Win32Exception e)
        {
            throw new DhcpException($"start the guard of DHCP {command[0]}: {e.Message}; DHCP is served, but not started again when it ends", e);
        }
    }

    /// <summary>Watches until no network is left to serve, or the network namespace is deleted: then dnsmasq is ended too.</summary>
    /// <param name="paths">Where the files are. The calling thread is in their network namespace.</param>
    /// <param name="netns">Its name; null for the host's own.</param>
    /// <param name="ready">Called when it watches, or another does.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="stop">Ends the watching alone.</param>
    public static void Run(DhcpPaths paths, string? netns, Action ready, Action<string> say, CancellationToken stop)
    {
        using var watch = netns is null ? null : new NetNamespaceWatch(netns);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, watch?.Deleted ?? CancellationToken.None);
        DhcpSupervisor.Run(paths, ready, say, TimeProvider.System, either.Token);
        if (watch?.Deleted.IsCancellationRequested is not true) return;
        using var running = DnsmasqProcess.Find(paths);
        if (running is { IsHere: true }) running.Stop();
    }
}
