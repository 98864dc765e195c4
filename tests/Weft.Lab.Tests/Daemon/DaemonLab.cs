using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>weftd on a host of its own, and a client of its unix socket.</summary>
internal sealed class DaemonLab : IDisposable
{
    private readonly EngineLab _lab = new();
    private readonly string[] _more;
    private readonly StringBuilder _errors = new();
    private Process? _process;

    internal DaemonLab(params string[] arguments)
    {
        _more = arguments;
        File.SetUnixFileMode(_lab.State, (UnixFileMode)0b111_001_001); // others must come to the socket to be refused
        Client = new HttpClient(Handler()) { BaseAddress = new Uri("http://weftd"), Timeout = TimeSpan.FromMinutes(1) };
    }

    /// <summary>Sends requests to its socket.</summary>
    internal SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    internal HttpClient Client { get; }
    internal EngineLab Host => _lab;
    internal string Socket => Path.Combine(_lab.State, "weftd.sock");
    internal string State => Path.Combine(_lab.State, "state");
    internal int ProcessId => _process!.Id;

    /// <summary>What of its memory is in RAM.</summary>
    internal long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What it wrote to standard error, since it was first started.</summary>
    internal string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    /// <summary>A NAT network with a machine.</summary>
    internal const string Project = """
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/24], forwards: [{ listen: tcp/8080, to: "app1:80" }] }
        machines:
          app1: dev

        """;

    /// <summary>KiB of a file system of its own that its state is on, which only it sees; null for none.</summary>
    internal int? Room { get; init; }

    /// <summary>Runs a shell command that sees the files as the daemon does.</summary>
    internal Ended InDaemon(string command) => WeftProgram.RunProgram("nsenter", ["-t", $"{ProcessId}", "-m", "sh", "-c", command, "sh", State]);

    /// <summary>Starts it, and waits until it answers.</summary>
    internal async Task<DaemonLab> Up()
    {
        string[] command = [WeftProgram.Daemon, "--netns", _lab.Host, "--state", State, "--socket", Socket, "--weft", WeftProgram.Path, .. _more];
        if (Room is { } room) command = ["unshare", "-m", "sh", "-c", "mkdir -p \"$2\" && mount -t tmpfs -o size=$1k,mode=711 none \"$2\" && shift 2 && exec \"$@\"", "sh", $"{room}", State, .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, e) => { lock (_errors) _errors.AppendLine(e.Data); };
        _process.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); ;)
        {
            if (_process.HasExited) throw new InvalidOperationException($"weftd ended: {Errors}");
            try
            {
                (await Client.GetAsync("/v1/version")).EnsureSuccessStatusCode();
                return this;
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromMinutes(1)) // it does not listen yet; a minute on a busy machine
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Ends it as systemd would, and gives its exit code.</summary>
    internal async Task<int> Stop()
    {
        using (Process.Start("kill", ["-TERM", $"{ProcessId}"])) await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it as a crash would.</summary>
    internal async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    internal async Task<JsonElement> Get(string path) => await Document(await Client.GetAsync(path), HttpStatusCode.OK);

    internal async Task<JsonElement> Post(string path, string body, HttpStatusCode wanted = HttpStatusCode.OK) => await Document(await Client.PostAsync(path, new StringContent(body)), wanted);

    internal async Task<JsonElement> Delete(string path, HttpStatusCode wanted = HttpStatusCode.OK) => await Document(await Client.DeleteAsync(path), wanted);

    /// <summary>The JSON of an answer, whose status must be the wanted one.</summary>
    internal static async Task<JsonElement> Document(HttpResponseMessage answer, HttpStatusCode wanted)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == wanted, $"{answer.StatusCode}: {text}");
        Assert.Equal(wanted == HttpStatusCode.OK ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (_process is { HasExited: false }) _process.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _lab.Dispose();
    }
}
