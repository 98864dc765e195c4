using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench;

/// <summary>The published weftd on a host of its own, and one connection to it that stays open.</summary>
internal sealed class BenchDaemon : IDisposable
{
    private readonly BenchHost _host;
    private readonly Process _process;
    private readonly Socket _socket;
    private byte[] _buffer = new byte[1 << 16];

    internal BenchDaemon(BenchHost host)
    {
        _host = host;
        _process = Process.Start(new ProcessStartInfo(Program, Arguments(host)) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        while ((_socket = Connect(host)!) is null) Thread.Sleep(1); // until it listens, of which nothing tells
    }

    /// <summary>The binary, as published.</summary>
    internal static string Program { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("WEFTD") ?? "out/weftd");

    internal static string Socket(BenchHost host) => Path.Combine(host.Folder, "weftd.sock");

    internal static string[] Arguments(BenchHost host) => ["--netns", host.Name, "--state", Path.Combine(host.Folder, "state"), "--socket", Socket(host), "--weft", BenchHost.Weft];

    /// <summary>What of it is in RAM, in MB.</summary>
    internal double ResidentMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>User and system time of it so far.</summary>
    internal TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>One request; the answer must be good.</summary>
    internal void Ask(string method, string path, string body = "")
    {
        _socket.Send(Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        var have = 0;
        int head;
        while ((head = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0) have += Receive(have);
        var text = Encoding.ASCII.GetString(_buffer, 0, head);
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(_buffer, 0, have)}");
        var length = int.Parse(text.Split("\r\n").First(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))[16..], CultureInfo.InvariantCulture);
        if (_buffer.Length < head + 4 + length) Array.Resize(ref _buffer, head + 4 + length);
        while (have < head + 4 + length) have += Receive(have);
    }

    /// <summary>A connection to its events that come from now on.</summary>
    internal StreamReader Events()
    {
        var socket = Connect(_host)!;
        socket.Send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n"u8);
        var reader = new StreamReader(new NetworkStream(socket, ownsSocket: true), Encoding.UTF8);
        while (reader.ReadLine() is not "") { } // the head: it listens
        return reader;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private int Receive(int at)
    {
        if (at == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        return _socket.Receive(_buffer.AsSpan(at)) is > 0 and var n ? n : throw new IOException("weftd closed the connection");
    }

    private static Socket? Connect(BenchHost host)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket(host)));
            return socket;
        }
        catch (SocketException) // not yet
        {
            socket.Dispose();
            return null;
        }
    }
}
