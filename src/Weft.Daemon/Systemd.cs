using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weft.Daemon;

/// <summary>What systemd is told of a service (sd_notify(3)); nothing where it did not start this one.</summary>
internal static class Systemd
{
    private const ulong FirstDescriptor = 3; // SD_LISTEN_FDS_START

    /// <summary>The socket that systemd listens on for this service (sd_listen_fds(3)); null where it does not.</summary>
    internal static ulong? ListenDescriptor { get; } =
        Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && Environment.GetEnvironmentVariable("LISTEN_FDS") is not (null or "0") ? FirstDescriptor : null;

    internal static void Ready() => Tell("READY=1");

    internal static void Stopping() => Tell("STOPPING=1");

    /// <summary>Says every half of the time that systemd waits for it that the daemon works (sd_watchdog_enabled(3)).</summary>
    /// <param name="alive">Comes back while it works.</param>
    /// <returns>Null when systemd does not want to be told.</returns>
    internal static IDisposable? Watchdog(Func<Task> alive)
    {
        if (!long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)) return null;
        var half = TimeSpan.FromMicroseconds(microseconds / 2.0);
        return new Timer(async _ =>
        {
            await alive();
            Tell("WATCHDOG=1");
        }, null, half, half);
    }

    private static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path) return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
    }
}
