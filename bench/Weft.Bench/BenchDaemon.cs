using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench;

/// <summary>The published weftd on a host of its own, and one connection to it that stays open.</summary>
internal sealed class BenchDaemon : IDisposable
{
    private readonly BenchHost _host;
    private readonly Process _process;
    private readonly BenchConnection _connection;

    internal BenchDaemon(BenchHost host)
    {
        _host = host;
        _process = Process.Start(new ProcessStartInfo(Program, Arguments(host)) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        Socket? socket;
        while ((socket = Connect(host)) is null) Thread.Sleep(1); // until it listens, of which nothing tells
        _connection = new BenchConnection(socket);
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

    /// <summary>One request on the connection that stays; the answer must be good.</summary>
    internal void Ask(string method, string path, string body = "") => _connection.Ask(method, path, body);

    /// <summary>One more connection.</summary>
    internal BenchConnection Connection() => new(Connect(_host)!);

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
        _connection.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
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
