using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>What an administrator notices who is connected through the very NIC that goes under a bridge: nothing, or one packet.</summary>
public sealed class UplinkMoveTests(ITestOutputHelper output)
{
    private const int Pings = 2000;
    private const int Tries = 3; // a machine that others keep busy may sleep over two pings

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "stp_state 1")]
    [InlineData(true, "stp_state 1")]
    public async Task A_ping_every_millisecond_and_a_TCP_stream_go_on(bool v6, string bridge)
    {
        using var lab = new HostLab();
        lab.OnHost("sysctl -qw net.ipv4.conf.all.rp_filter=1");
        Address(lab, v6);
        lab.AddBridge(bridge);
        var host = IPAddress.Parse(v6 ? "2001:db8::5" : "10.9.0.5");
        using var stream = new EchoStream(lab.Host, lab.Lan, host);
        var lost = int.MaxValue;
        for (var i = 0; i < Tries && lost > 1; i++)
            lost = Math.Max(await Lost(lab, host, stream, "attach", () => lab.Attach()), await Lost(lab, host, stream, "detach", () => lab.Detach()));
        Assert.True(lost <= 1, $"{lost} pings lost, in the best of {Tries} moves there and back");
        var bytes = stream.Finish();
        output.WriteLine($"TCP: {bytes} bytes echoed, longest pause {stream.LongestPause.TotalMilliseconds:f1} ms");
        Assert.True(bytes > 100_000, $"only {bytes} bytes came back");
    }

    private static void Address(HostLab lab, bool v6)
    {
        var (host, lan) = v6 ? ("2001:db8::5/64", "2001:db8::1/64") : ("10.9.0.5/24", "10.9.0.1/24");
        lab.OnHost($"ip address add {host} dev eth1 {(v6 ? "nodad" : "")}");
        lab.OnLan($"ip address add {lan} dev peer {(v6 ? "nodad" : "")}");
        lab.OnHost($"ip route add default via {lan.Split('/')[0]}");
    }

    private async Task<int> Lost(HostLab lab, IPAddress host, EchoStream stream, string what, Action act)
    {
        using var ping = HostLab.Start(lab.Lan, "ping", "-q", "-i", "0.001", "-c", $"{Pings}", "-W", "1", host.ToString());
        await ping.StandardOutput.ReadLineAsync(); // it has begun
        var text = ping.StandardOutput.ReadToEndAsync();
        stream.ThrowIfBroken();
        var time = Stopwatch.StartNew();
        act();
        output.WriteLine($"{what}: {time.Elapsed.TotalMilliseconds:f1} ms");
        await ping.WaitForExitAsync();
        var counts = Regex.Match(await text, @"(\d+) packets transmitted, (\d+) received");
        Assert.True(counts.Success, await text);
        var lost = int.Parse(counts.Groups[1].Value) - int.Parse(counts.Groups[2].Value);
        output.WriteLine($"{what}: {lost} of {counts.Groups[1].Value} pings lost");
        stream.ThrowIfBroken();
        return lost;
    }
}

/// <summary>A TCP connection from one network namespace to another that echoes: all bytes must come back in order.</summary>
internal sealed class EchoStream : IDisposable
{
    private readonly Socket _listener, _client;
    private readonly Task _server, _talk;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TimeSpan _pause;
    private long _echoed;
    private long _longest;

    /// <param name="server">The namespace that echoes.</param>
    /// <param name="client">The namespace that asks.</param>
    /// <param name="host">The server's address.</param>
    /// <param name="pause">Between a block and the next, where others need the processor too.</param>
    internal EchoStream(string server, string client, IPAddress host, TimeSpan pause = default)
    {
        _pause = pause;
        _listener = NetNamespace.Run(server, () => new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        _listener.Bind(new IPEndPoint(host, 7777));
        _listener.Listen();
        _client = NetNamespace.Run(client, () => new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        _server = Task.Factory.StartNew(Echo, TaskCreationOptions.LongRunning);
        _client.Connect(host, 7777);
        _client.ReceiveTimeout = 5000;
        _talk = Task.Factory.StartNew(Talk, TaskCreationOptions.LongRunning);
    }

    internal TimeSpan LongestPause => Stopwatch.GetElapsedTime(0, _longest);

    private void Echo()
    {
        using var s = _listener.Accept();
        var buffer = new byte[1 << 16];
        for (int n; (n = s.Receive(buffer)) > 0;)
            for (var sent = 0; sent < n;) sent += s.Send(buffer.AsSpan(sent, n - sent));
    }

    private void Talk()
    {
        var (sent, back) = (new byte[1024], new byte[1024]);
        for (byte i = 0; !_stop.Wait(_pause); i++)
        {
            Array.Fill(sent, i);
            var start = Stopwatch.GetTimestamp();
            _client.Send(sent);
            for (var n = 0; n < back.Length;)
            {
                var got = _client.Receive(back, n, back.Length - n, SocketFlags.None);
                if (got == 0) throw new InvalidOperationException("the connection was closed");
                n += got;
            }
            _longest = Math.Max(_longest, Stopwatch.GetTimestamp() - start);
            if (!back.AsSpan().SequenceEqual(sent)) throw new InvalidOperationException("other bytes came back");
            _echoed += back.Length;
        }
    }

    internal void ThrowIfBroken()
    {
        if (_talk.IsFaulted) _talk.GetAwaiter().GetResult();
    }

    internal long Finish()
    {
        _stop.Set();
        _talk.GetAwaiter().GetResult();
        _client.Shutdown(SocketShutdown.Both);
        _server.GetAwaiter().GetResult();
        return _echoed;
    }

    public void Dispose()
    {
        _stop.Set();
        _client.Dispose();
        _listener.Dispose();
    }
}
