using System.Collections.Immutable;
using System.Diagnostics;

namespace Weft.Engine.Host.Uplink;

/// <summary>
/// Lets a lease go on when its address moves to another link: the client is ended without a release, its lease is written down for the other link, and it is
/// started there. It asks for the same address (RFC 2131, 4.3.2, INIT-REBOOT) from the same MAC.
/// </summary>
internal static class DhcpHandover
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>The processes that serve a link.</summary>
    /// <exception cref="IOException">A client serves the link that cannot be handed over.</exception>
    internal static ImmutableArray<HostProcess> Find(string link) =>
        AnyClient() ? [.. ProcessScan.Find("dhclient", "dhcpcd").Where(p => DhcpClients.IsGenuine(p) && DhcpClients.Serves(p, link))] : [];

    /// <summary>How the clients among them are started again.</summary>
    internal static ImmutableArray<DhcpClientState> States(ImmutableArray<HostProcess> processes, string link) =>
        [.. processes.Select(p => DhcpClients.State(p, link)).OfType<DhcpClientState>()];

    /// <summary>SIGKILL: a client that is asked to end takes its addresses along, or gives the lease back.</summary>
    internal static void Stop(ImmutableArray<HostProcess> processes)
    {
        foreach (var p in processes) Kill(p.Id);
    }

    /// <summary>Starts clients on a link; their leases are those that they had on the other one.</summary>
    /// <param name="clients">As they were on the NIC.</param>
    /// <param name="nic">The NIC.</param>
    /// <param name="from">Where they served last: the NIC or the bridge.</param>
    /// <param name="to">Where they shall serve.</param>
    /// <param name="root">Root of the host's files.</param>
    internal static void Start(ImmutableArray<DhcpClientState> clients, string nic, string from, string to, string root)
    {
        var mine = clients.Where(c => to != nic || !c.BridgeOnly).ToList();
        if (mine.Count == 0 || !Find(to).IsEmpty) return; // done before it was broken off
        foreach (var c in mine)
        {
            DhcpClients.CarryLease(c, nic, from, to, root);
            Run(c.Executable, DhcpClients.Arguments(c, nic, to, root));
        }
    }

    /// <summary>A look at the sockets tells most hosts from those where every process would have to be looked at.</summary>
    private static bool AnyClient() =>
        File.ReadLines("/proc/thread-self/net/packet").Skip(1).Any()
        || File.ReadLines("/proc/thread-self/net/udp").Any(l => l.Contains(":0044 ", StringComparison.Ordinal))
        || (File.Exists("/proc/thread-self/net/udp6") && File.ReadLines("/proc/thread-self/net/udp6").Any(l => l.Contains(":0222 ", StringComparison.Ordinal)));

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit(_patience);
        }
        catch (ArgumentException)
        {
            // It has ended by itself: its parent was ended just before.
        }
    }

    private static void Run(string executable, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new IOException($"start {executable}: no process");
        if (!process.WaitForExit(_patience)) return; // it went on in the foreground: it serves
        if (process.ExitCode != 0)
            throw new IOException($"start {executable} {string.Join(' ', start.ArgumentList)}: exit status {process.ExitCode}: {process.StandardError.ReadToEnd().Trim()}");
    }
}
