using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>A server on one port, both families, TCP and UDP: it tells each client the address that it sees it by. TCP connections stay open.</summary>
internal sealed class Server : IDisposable
{
    private readonly Socket _tcp = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
    private readonly List<Socket> _udp = [], _clients = [];
    private long _received;

    /// <summary>Listens in the network namespace of this thread.</summary>
    internal Server(int port)
    {
        _tcp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        _tcp.Listen(512);
        Start(Accept);
        foreach (var address in Addresses()) Datagrams(new IPEndPoint(address, port));
    }

    /// <summary>What the clients on TCP have sent, bytes.</summary>
    internal long Received
    {
        get
        {
            lock (_clients) return _received;
        }
    }

    /// <summary>Waits until the clients have sent so much.</summary>
    internal bool WaitReceived(long bytes, int timeoutMs)
    {
        var until = Environment.TickCount64 + timeoutMs;
        lock (_clients)
        {
            while (_received < bytes)
                if (until - Environment.TickCount64 is var left && (left <= 0 || !Monitor.Wait(_clients, (int)left))) return _received >= bytes;
            return true;
        }
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.ForEach(s => s.Dispose());
        lock (_clients) _clients.ForEach(c => c.Dispose());
    }

    // One socket an address, so that the answer comes from the address that was asked.
    private static IEnumerable<IPAddress> Addresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).Where(a => !a.IsIPv6LinkLocal);

    private void Datagrams(IPEndPoint on)
    {
        var socket = new Socket(on.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _udp.Add(socket);
        socket.Bind(on);
        Start(() => Answer(socket, on));
    }

    private void Accept()
    {
        while (true)
        {
            var client = _tcp.Accept();
            lock (_clients) _clients.Add(client);
            client.Send(Name(client.RemoteEndPoint!));
            Start(() => Drain(client));
        }
    }

    private void Drain(Socket client)
    {
        var buffer = new byte[65536];
        for (int n; (n = client.Receive(buffer)) > 0;)
            lock (_clients)
            {
                _received += n;
                Monitor.PulseAll(_clients);
            }
    }

    private static void Answer(Socket socket, EndPoint any)
    {
        var buffer = new byte[2000];
        while (true)
        {
            var from = any;
            socket.ReceiveFrom(buffer, ref from);
            socket.SendTo(Name(from), from);
        }
    }

    private static byte[] Name(EndPoint client)
    {
        var address = ((IPEndPoint)client).Address;
        return Encoding.ASCII.GetBytes((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
    }

    private static void Start(Action action) => new Thread(() =>
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over and closed the socket, or the client went.
        }
    }) { IsBackground = true }.Start();
}
