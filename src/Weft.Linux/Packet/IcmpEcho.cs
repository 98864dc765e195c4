using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Weft.Linux.Packet;

/// <summary>What became of an echo request.</summary>
/// <param name="RoundTrip">From the sending of the first request to the reply; null when there was none.</param>
/// <param name="Reason">Why there was none; null when there was one.</param>
public sealed record EchoResult(TimeSpan? RoundTrip, string? Reason);

/// <summary>ping for IPv4 and IPv6, of many targets at once.</summary>
public static class IcmpEcho
{
    private const int Rounds = 3, LongestPacket = 2048;

    private sealed record Target(IPAddress Address, ushort Sequence)
    {
        public byte[] Request(ushort id) => EchoPacket.Request(id, Sequence, Address.AddressFamily == AddressFamily.InterNetwork);
        public string? Fault { get; set; }
        public TimeSpan? RoundTrip { get; set; }
    }

    /// <summary>Asks the targets, by the routes of the network namespace of this thread; each up to three times over the time given.</summary>
    /// <param name="targets">IPv4 and IPv6 addresses; link-local ones with their scope.</param>
    /// <param name="timeout">How long to wait; it is over when all have answered.</param>
    /// <exception cref="IOException">There are no raw sockets: the privileges do not suffice.</exception>
    public static IReadOnlyDictionary<IPAddress, EchoResult> Ask(IReadOnlyCollection<IPAddress> targets, TimeSpan timeout)
    {
        List<Target> all = [.. targets.Distinct().Select((a, i) => new Target(a, checked((ushort)i)))];
        var id = (ushort)Random.Shared.Next(ushort.MaxValue + 1); // only tells own answers from those of others: no secret, and OpenSSL is not loaded for it
        var sockets = new List<Socket>();
        try
        {
            foreach (var family in all.Select(t => t.Address.AddressFamily).Distinct()) sockets.Add(Open(family));
            Run(sockets, all, id, timeout);
        }
        finally
        {
            foreach (var s in sockets) s.Dispose();
        }
        return all.ToDictionary(t => t.Address, t => new EchoResult(t.RoundTrip, t.RoundTrip is null ? t.Fault ?? "no answer" : null));
    }

    private static void Run(List<Socket> sockets, List<Target> all, ushort id, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        for (var round = 1; round <= Rounds && all.Exists(t => t.RoundTrip is null); round++)
        {
            foreach (var t in all.Where(t => t.RoundTrip is null)) Send(sockets.Find(s => s.AddressFamily == t.Address.AddressFamily)!, t, id);
            while (all.Exists(t => t.RoundTrip is null) && Wait(sockets, timeout * round / Rounds - clock.Elapsed) is { Count: > 0 } ready)
                foreach (var socket in ready) Receive(socket, all, id, clock.Elapsed);
        }
    }

    private static void Send(Socket socket, Target target, ushort id)
    {
        try
        {
            socket.SendTo(target.Request(id), new IPEndPoint(target.Address, 0));
        }
        catch (SocketException e) // no route, a filter of this host: a result like others
        {
            target.Fault = e.Message;
        }
    }

    private static List<Socket> Wait(List<Socket> sockets, TimeSpan left)
    {
        var ready = new List<Socket>(sockets);
        if (left <= TimeSpan.Zero) return [];
        Socket.Select(ready, null, null, left);
        return ready;
    }

    private static void Receive(Socket socket, List<Target> all, ushort id, TimeSpan now)
    {
        Span<byte> buffer = stackalloc byte[LongestPacket];
        EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var packet = buffer[..socket.ReceiveFrom(buffer, ref from)];
        var found = socket.AddressFamily == AddressFamily.InterNetwork ? EchoPacket.TryParse4(packet, out var echo) : EchoPacket.TryParse6(packet, out echo);
        if (!found || echo.Id != id || echo.Sequence >= all.Count || all[echo.Sequence] is var t && t.Address.AddressFamily != socket.AddressFamily) return;
        if (echo.Fault is null) t.RoundTrip ??= now;
        else t.Fault = $"{echo.Fault}, says {((IPEndPoint)from).Address}";
    }

    private static Socket Open(AddressFamily family)
    {
        try
        {
            return new Socket(family, SocketType.Raw, family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6);
        }
        catch (SocketException e)
        {
            throw new IOException($"open a raw socket for ICMP: {e.Message}; this needs root or CAP_NET_RAW", e);
        }
    }
}
