using System.Net;
using System.Net.Sockets;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Keeps DNS questions that arrive while one dnsmasq has ended and the next has not begun. Sockets on the same addresses are opened before the old one
/// ends: the kernel gives a datagram to the socket that was bound last, so questions wait in them until the new one has bound its own. They are then
/// put to it, and its answers go back from the address that was asked. Nobody is refused, and nobody waits for a resolver's five seconds.
/// </summary>
internal sealed class Handover : IDisposable
{
    private const int SOL_SOCKET = 1, SO_REUSEADDR = 2, Port = 53, LongestMessage = 65535;
    // Milliseconds for the answers: local names come at once; who asked for another asks again after this.
    private const int Patience = 1000;
    private readonly List<Socket> _listeners = [];
    private readonly Dictionary<Socket, (Socket Listener, EndPoint Client)> _asked = [];

    private Handover(IEnumerable<IPAddress> addresses)
    {
        foreach (var a in addresses)
            if (Listen(a) is { } s) _listeners.Add(s);
    }

    /// <summary>Takes questions over from now on.</summary>
    /// <param name="scopes">What the running process serves.</param>
    internal static Handover Begin(IEnumerable<DhcpScopeResource> scopes) =>
        new(scopes.Where(s => s.Dns).SelectMany(s => s.Ranges).Select(r => r.Gateway).Append(DnsmasqConfig.Loopback));

    /// <summary>Puts the questions that came meanwhile to the process that serves now.</summary>
    internal void Finish()
    {
        var buffer = new byte[LongestMessage];
        foreach (var l in _listeners)
            while (l.Available > 0) Ask(l, buffer);
        while (_asked.Count > 0)
        {
            var ready = _asked.Keys.ToList();
            Socket.Select(ready, null, null, Patience * 1000);
            if (ready.Count == 0) return;
            foreach (var s in ready) Answer(s, buffer);
        }
    }

    public void Dispose()
    {
        foreach (var s in _listeners.Concat(_asked.Keys)) s.Dispose();
    }

    private void Ask(Socket listener, byte[] buffer)
    {
        EndPoint client = new IPEndPoint(listener.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var length = listener.ReceiveFrom(buffer, ref client);
        var socket = new Socket(listener.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(listener.LocalEndPoint!);
        socket.Send(buffer.AsSpan(0, length));
        _asked[socket] = (listener, client);
    }

    private void Answer(Socket socket, byte[] buffer)
    {
        _asked.Remove(socket, out var to);
        using (socket)
        {
            // A network that is served no more has nobody to answer for it: the port is closed, and the question stays without an answer.
            if (socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out var error) is var length && error == SocketError.Success)
                to.Listener.SendTo(buffer.AsSpan(0, length), to.Client);
        }
    }

    private static Socket? Listen(IPAddress address)
    {
        var s = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        s.SetRawSocketOption(SOL_SOCKET, SO_REUSEADDR, BitConverter.GetBytes(1));
        try
        {
            s.Bind(new IPEndPoint(address, Port));
            return s;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse)
        {
            s.Dispose(); // dnsmasq cannot listen there either
            return null;
        }
    }
}
