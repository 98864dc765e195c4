using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Weft.Engine;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>The program itself on a host of its own, with a state directory of its own.</summary>
internal sealed class CliLab : IDisposable
{
    private readonly EngineLab _lab = new();
    private Process? _daemon;

    /// <summary>A bridge with an uplink, and a NAT network with a machine.</summary>
    internal const string Project = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev: { mode: nat, subnets: [10.20.0.0/24], forwards: [{ listen: tcp/8080, to: "app1:80" }] }
        machines:
          app1: dev

        """;

    internal string State => _lab.State;

    /// <summary>Where its daemon listens.</summary>
    internal string Socket => EnginePaths.Of(_lab.Host, _lab.State).Socket;
    internal string Host => _lab.Host;

    /// <summary>The options that name this host.</summary>
    internal string Where => $"--netns {_lab.Host} --state {_lab.State}";

    internal string OnHost(string command) => _lab.OnHost(command);

    /// <summary>A file beside the state.</summary>
    internal string Path(string name) => System.IO.Path.Combine(_lab.State, name);

    /// <summary>Writes a project's file and returns its path.</summary>
    internal string Write(string name, string text)
    {
        var file = Path(name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs weft on the host.</summary>
    internal Ended Weft(params string[] arguments) => WeftProgram.Run(["--netns", _lab.Host, "--state", _lab.State, .. arguments]);

    /// <summary>As <see cref="Weft"/>, with something to read and more in its environment.</summary>
    internal Ended Weft(string[] arguments, string input = "", params (string, string)[] environment) =>
        WeftProgram.RunProgram(WeftProgram.Path, ["--netns", _lab.Host, "--state", _lab.State, .. arguments], input, environment);

    /// <summary>The one document that a run printed, and nothing else on standard output.</summary>
    internal static JsonElement Document(Ended ended)
    {
        try
        {
            using var document = JsonDocument.Parse(ended.Output); // refuses what comes after the first one
            Assert.Equal(JsonValueKind.Array, document.RootElement.GetProperty("diagnostics").ValueKind);
            Assert.Equal(ended.ExitCode is 0 or 2, document.RootElement.GetProperty("ok").GetBoolean());
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"no JSON document: {e.Message}\n{ended.Output}{ended.Errors}", e);
        }
    }

    /// <summary>Starts the daemon of this host, with more arguments, and waits until it answers.</summary>
    internal Process StartDaemon(params string[] arguments)
    {
        var daemon = _daemon = Process.Start(new ProcessStartInfo(WeftProgram.Daemon, ["--netns", _lab.Host, "--state", _lab.State, "--weft", WeftProgram.Path, .. arguments]) { RedirectStandardError = true })!;
        Assert.True(SpinWait.SpinUntil(() => daemon.HasExited || Listens, TimeSpan.FromMinutes(1)) && !daemon.HasExited, "weftd does not listen"); // a minute on a busy machine
        return daemon;
    }

    private bool Listens
    {
        get
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(Socket));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (_daemon is { HasExited: false }) _daemon.Kill();
        _daemon?.WaitForExit();
        _daemon?.Dispose();
        _lab.Dispose();
    }
}
