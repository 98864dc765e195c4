using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>Numbered datagrams, one a millisecond or as often as the machine lets it, from one place to another, until it is stopped.</summary>
internal sealed class Counter : IDisposable
{
    // All that can come while a busy machine runs somebody else; past the limit that holds for users (socket(7)).
    private const int SOL_SOCKET = 1, SO_RCVBUFFORCE = 33, RoomBytes = 32 * 1024 * 1024;

    private readonly Socket _from, _to;
    private readonly Thread _sends, _hears;
    private readonly HashSet<int> _heard = [];
    private int _sent;
    private volatile bool _stop;

    /// <summary>Begins; both sockets are in their places already.</summary>
    internal Counter(Socket from, Socket to)
    {
        (_from, _to) = (from, to);
        to.SetRawSocketOption(SOL_SOCKET, SO_RCVBUFFORCE, BitConverter.GetBytes(RoomBytes));
        _hears = new Thread(Hear);
        _sends = new Thread(Send);
        _hears.Start();
        _sends.Start();
    }

    /// <summary>A socket that hears on a port.</summary>
    internal static Socket At(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    /// <summary>A socket that sends there.</summary>
    internal static Socket To(string address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Parse(address), port);
        return socket;
    }

    /// <summary>How many were heard so far.</summary>
    internal int Heard
    {
        get { lock (_heard) return _heard.Count; }
    }

    /// <summary>Ends it: every one that was sent must have come.</summary>
    internal void AssertNoneLost(string where)
    {
        _stop = true;
        _sends.Join();
        Assert.True(SpinWait.SpinUntil(() => Heard == _sent, TimeSpan.FromSeconds(10)), $"{where} {_sent - Heard} of {_sent} were lost: {string.Join(' ', Lost.Take(50))}");
        Assert.True(_sent > 1000, $"only {_sent} were sent");
    }

    private IEnumerable<int> Lost
    {
        get { lock (_heard) return [.. Enumerable.Range(0, _sent).Where(n => !_heard.Contains(n))]; }
    }

    public void Dispose()
    {
        _stop = true;
        _sends.Join();
        _from.Dispose();
        _to.Dispose(); // ends who hears
        _hears.Join();
    }

    private void Send()
    {
        var datagram = new byte[sizeof(int)];
        for (; !_stop; _sent++)
        {
            BinaryPrimitives.WriteInt32BigEndian(datagram, _sent);
            _from.Send(datagram);
            Thread.Sleep(1); // the pace, not a wait
        }
    }

    private void Hear()
    {
        var datagram = new byte[sizeof(int)];
        try
        {
            while (_to.Receive(datagram) == datagram.Length)
                lock (_heard) _heard.Add(BinaryPrimitives.ReadInt32BigEndian(datagram));
        }
        catch (SocketException) // closed: the end
        {
        }
    }
}
