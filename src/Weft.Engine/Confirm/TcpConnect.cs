using System.Diagnostics;
using System.Net.Sockets;

namespace Weft.Engine.Confirm;

/// <summary>Opens connections to many services at once, and closes them.</summary>
internal static class TcpConnect
{
    /// <summary>Whether each accepts within the time.</summary>
    public static IReadOnlyList<ProbeResult> Ask(IReadOnlyList<TcpTarget> targets, TimeSpan timeout)
    {
        var open = new Dictionary<Socket, TcpTarget>();
        var results = new List<ProbeResult>();
        try
        {
            foreach (var t in targets)
                if (Begin(t, open) is { } at_once) results.Add(at_once);
            Gather(open, results, timeout);
        }
        finally
        {
            foreach (var socket in open.Keys) socket.Dispose();
        }
        return results;
    }

    private static ProbeResult? Begin(TcpTarget target, Dictionary<Socket, TcpTarget> open)
    {
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        open[socket] = target;
        try
        {
            socket.Connect(target.EndPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return null;
        }
        catch (SocketException e) // no route
        {
            return Done(socket, open, e.Message);
        }
        return Done(socket, open, null);
    }

    private static void Gather(Dictionary<Socket, TcpTarget> open, List<ProbeResult> results, TimeSpan timeout)
    {
        for (var clock = Stopwatch.StartNew(); open.Count > 0 && clock.Elapsed < timeout;)
        {
            List<Socket> ready = [.. open.Keys], failed = [.. open.Keys];
            Socket.Select(null, ready, failed, timeout - clock.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
            foreach (var socket in ready.Union(failed)) results.Add(Done(socket, open, Error(socket)));
        }
        results.AddRange(open.Values.Select(t => new ProbeResult(t, false, "no answer")));
    }

    private static string? Error(Socket socket) =>
        socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int and not 0 and var code ? new SocketException(code).Message : null;

    private static ProbeResult Done(Socket socket, Dictionary<Socket, TcpTarget> open, string? error)
    {
        open.Remove(socket, out var target);
        socket.Dispose();
        return new(target!, error is null, error ?? "connected");
    }
}
