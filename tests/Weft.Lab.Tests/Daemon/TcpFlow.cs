using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weft.Lab.Tests.Netns.Policy;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>A TCP connection in which something is sent every millisecond, or as often as the machine lets it, until it is stopped.</summary>
internal sealed partial class TcpFlow : IDisposable
{
    private readonly Place _place;
    private readonly Socket _from, _to;
    private readonly Thread _sends, _hears;
    private long _heard;
    private volatile bool _stop;

    /// <summary>Connects from a place to a listener elsewhere, and begins.</summary>
    internal TcpFlow(Place place, Socket listener, string address)
    {
        _place = place;
        _from = place.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Parse(address), ((IPEndPoint)listener.LocalEndPoint!).Port);
            return socket;
        });
        _to = listener.Accept();
        (_sends, _hears) = (new(Send), new(Hear));
        _sends.Start();
        _hears.Start();
    }

    /// <summary>A socket that listens.</summary>
    internal static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>Bytes that came through.</summary>
    internal long Heard => Interlocked.Read(ref _heard);

    /// <summary>Nothing had to be sent again because it was lost. What the other end says to have had already (D-SACK, RFC 2883) was only late, on a machine that is busy.</summary>
    internal void AssertNothingRetransmitted()
    {
        var said = _place.Exec($"ss -tinH state established sport = :{((IPEndPoint)_from.LocalEndPoint!).Port}");
        Assert.Contains("bytes_acked:", said, StringComparison.Ordinal);
        Assert.True(Figure(Retransmitted(), said) <= Figure(Duplicates(), said), said);
    }

    public void Dispose()
    {
        _stop = true;
        _sends.Join();
        _from.Dispose(); // ends who hears
        _hears.Join();
        _to.Dispose();
    }

    private static int Figure(Regex what, string said) => what.Match(said) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;

    // ss leaves out what is 0.
    [GeneratedRegex(@"\bretrans:\d+/(\d+)")]
    private static partial Regex Retransmitted();

    [GeneratedRegex(@"\bdsack_dups:(\d+)")]
    private static partial Regex Duplicates();

    private void Send()
    {
        var piece = new byte[100];
        while (!_stop)
        {
            _from.Send(piece);
            Thread.Sleep(1); // the pace, not a wait
        }
    }

    private void Hear()
    {
        var buffer = new byte[4096];
        while (_to.Receive(buffer) is > 0 and var n) Interlocked.Add(ref _heard, n);
    }
}
