using System.CommandLine;

namespace Weft.Daemon;

/// <summary>The options of weftd.</summary>
internal static class DaemonCommandLine
{
    internal static int Run(string[] args)
    {
        var netns = new Option<string?>("--netns") { Description = "Act in this network namespace (as named by ip netns)", HelpName = "NAME" };
        var state = new Option<string?>("--state") { Description = "Directory of revisions, allocations and the journal", HelpName = "DIR" };
        var socket = new Option<string>("--socket") { Description = "Path of the unix socket to listen on", HelpName = "PATH", DefaultValueFactory = _ => DaemonOptions.UsualSocket };
        var root = new RootCommand("The daemon of weft: its API, on a unix socket and over TLS.") { netns, state, socket };
        root.SetAction((p, stop) => Run(new DaemonOptions(p.GetValue(netns), p.GetValue(state), p.GetValue(socket)!), stop));
        return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static async Task<int> Run(DaemonOptions options, CancellationToken stop)
    {
        try
        {
            await using var server = new Server(options);
            await server.Run(stop);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"weftd: {e.Message}");
            return 1;
        }
    }
}
