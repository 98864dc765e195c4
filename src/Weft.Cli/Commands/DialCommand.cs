using System.CommandLine;
using System.Net.Sockets;
using Weft.Cli.Remote;
using Weft.Engine;

namespace Weft.Cli.Commands;

/// <summary>weft dial: standard input and output as a connection to the daemon, for weft on another host that comes by ssh. Not for people.</summary>
internal static class DialCommand
{
    internal static Command Build(GlobalOptions global) => new Command("dial", "Connect standard input and output to the daemon (started by weft itself)").Hide().Does(global, Run, privileged: false);

    private static int Run(VerbContext context)
    {
        var path = EnginePaths.Of(context.NetNs, context.StateDirectory).Socket;
        using var socket = DaemonDoor.Reach(path);
        using var daemon = new NetworkStream(socket);
        var up = Task.Run(() =>
        {
            using var input = Console.OpenStandardInput();
            input.CopyTo(daemon);
            socket.Shutdown(SocketShutdown.Send);
        });
        using var output = Console.OpenStandardOutput();
        Down(daemon, output);
        return ExitCode.Ok;
    }

    // What comes is passed on at once: the other end waits for it.
    private static void Down(NetworkStream daemon, Stream output)
    {
        var buffer = new byte[65536];
        for (int n; (n = daemon.Read(buffer)) > 0;)
        {
            output.Write(buffer, 0, n);
            output.Flush();
        }
    }
}
