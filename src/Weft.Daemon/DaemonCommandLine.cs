using System.CommandLine;
using Weft.Manual;

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
        root.Subcommands.Add(Manual(root));
        return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private const string More = """
        # FILES

        /run/weft/weftd.sock
        : The socket. Root and the group **weft** may do all, the group **weft-view** may look.

        /var/lib/weft
        : What was applied, addresses, history: shared with **weft**(1), which can be used at the same time.

        # SEE ALSO

        **weft**(1), **weft.yaml**(5). Guides are in /usr/share/doc/weft.

        """;

    // For packages.
    private static Command Manual(RootCommand root)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Where to" };
        var command = new Command("manual", "Write the manual page in Markdown") { folder };
        command.Hidden = true;
        command.SetAction(p => new ManualPage("weftd", root, More).WriteAll(p.GetRequiredValue(folder), 8));
        return command;
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
