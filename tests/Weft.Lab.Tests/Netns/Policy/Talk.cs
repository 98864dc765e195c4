using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Sockets that say what became of a connection. A server answers with the address that it sees its client by.</summary>
internal static class Talk
{
    internal const string Timeout = "timeout", Refused = "refused", Unreachable = "unreachable";

    // A connection that shall pass may meet a busy machine; one that shall not is given up after its first segment's time (RFC 6298: 1 s until the second).
    internal const int PatientMs = 10_000, ShortMs = 600;

    /// <summary>Opens a TCP connection and reads the greeting: the client's address as the server sees it, or why there is none.</summary>
    internal static string Tcp(IPAddress to, int port, int timeoutMs, IPAddress? from = null)
    {
        using var socket = Open(to, port, timeoutMs, from, out var outcome);
        return socket is null ? outcome : Line(socket, timeoutMs);
    }

    /// <summary>Opens a TCP connection that stays; null with the reason when it does not come about.</summary>
    internal static Socket? Open(IPAddress to, int port, int timeoutMs, IPAddress? from, out string outcome)
    {
        var socket = New(to, SocketType.Stream, ProtocolType.Tcp, from);
        outcome = Connect(socket, new IPEndPoint(to, port), timeoutMs);
        if (outcome.Length == 0) return socket;
        socket.Dispose();
        return null;
    }

    /// <summary>Sends one datagram; the answer is the client's address as the server sees it.</summary>
    internal static string Udp(IPAddress to, int port, int timeoutMs, IPAddress? from = null)
    {
        using var socket = New(to, SocketType.Dgram, ProtocolType.Udp, from);
        socket.Connect(to, port);
        try
        {
            socket.Send("?"u8);
            return Line(socket, timeoutMs);
        }
        catch (SocketException e)
        {
            return Reason(e.SocketErrorCode);
        }
    }

    /// <summary>Reads the greeting of a connection.</summary>
    internal static string Line(Socket socket, int timeoutMs)
    {
        socket.ReceiveTimeout = timeoutMs;
        var buffer = new byte[100];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (SocketException e)
        {
            return Reason(e.SocketErrorCode);
        }
    }

    private static Socket New(IPAddress to, SocketType type, ProtocolType protocol, IPAddress? from)
    {
        var socket = new Socket(to.AddressFamily, type, protocol);
        if (from is not null) socket.Bind(new IPEndPoint(from, 0));
        return socket;
    }

    private static string Connect(Socket socket, IPEndPoint to, int timeoutMs)
    {
        using var patience = new CancellationTokenSource(timeoutMs);
        try
        {
            socket.ConnectAsync(to, patience.Token).AsTask().GetAwaiter().GetResult();
            return "";
        }
        catch (OperationCanceledException)
        {
            return Timeout;
        }
        catch (SocketException e)
        {
            return Reason(e.SocketErrorCode);
        }
    }

    private static string Reason(SocketError error) => error switch
    {
        SocketError.ConnectionRefused or SocketError.ConnectionReset => Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AccessDenied => Unreachable,
        SocketError.TimedOut or SocketError.WouldBlock => Timeout,
        _ => error.ToString(),
    };
}
