using System.CommandLine;
using Weft.Cli;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Daemon;
using Weft.Manual;

namespace Weft.Daemon;

/// <summary>The options of weftd.</summary>
internal static class DaemonCommandLine
{
    private static readonly Option<string?> NetNs = new("--netns") { Description = "Act in this network namespace (as named by ip netns)", HelpName = "NAME", Recursive = true };
    private static readonly Option<string?> State = new("--state") { Description = "Directory of revisions, allocations, tokens and the audit log", HelpName = "DIR", Recursive = true };
    private static readonly Option<string?> Socket = new("--socket") { Description = "Path of the unix socket to listen on; where weft looks for it when none is named", HelpName = "PATH" };
    private static readonly Option<string?> Config = new("--config") { Description = $"The daemon's file; {DaemonOptions.UsualFile} where it is there and none is named", HelpName = "FILE" };

    private static readonly Option<string?> Weft = new("--weft") { Description = "The program weft", HelpName = "PATH", Hidden = true };
    private static readonly Option<string?> Libvirt = new("--libvirt") { Description = "libvirt's address, where it is not this host's own", HelpName = "URI", Hidden = true };

    internal static int Run(string[] args)
    {
        var root = new RootCommand("The daemon of weft: its API, on a unix socket and over TLS.") { NetNs, State, Socket, Config, Weft, Libvirt, TokenCommand.Build(OptionsOf) };
        root.Subcommands.Add(Manual(root));
        root.SetAction((p, _) => Serve(p));
        var parsed = root.Parse(args);
        var faults = CommandLineFaults.Of(parsed);
        return faults.Count == 0 || CommandLineFaults.IsUnfinished(parsed) ? Invoke(parsed) : Print(parsed, faults);
    }

    private static int Print(ParseResult parsed, IReadOnlyList<Diagnostic> faults)
    {
        foreach (var f in faults) Console.Error.WriteLine($"weftd: {f.Message}{(f.Hint is null ? "" : $" ({f.Hint})")}");
        Console.Error.WriteLine(CommandLineFaults.More(parsed));
        return 1;
    }

    private static int Invoke(ParseResult parsed)
    {
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            Console.Error.WriteLine($"weftd: {FaultText.Of(e)}");
            return 1;
        }
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
        command.SetAction(p => new ManualPage("weftd", root, More, section: 8).WriteAll(p.GetRequiredValue(folder)));
        return command;
    }

    private static async Task<int> Serve(ParseResult parsed)
    {
        if (Spec(parsed.GetValue(Config)) is not { } spec) return 1;
        var options = OptionsOf(parsed) with { Spec = spec, OtherSocket = parsed.GetValue(Socket) is { Length: > 0 } path ? Path.GetFullPath(path) : null, Libvirt = parsed.GetValue(Libvirt) };
        await using var server = new Server(parsed.GetValue(Weft) is { } weft ? options with { Weft = weft } : options);
        await server.Run();
        return 0;
    }

    private static DaemonOptions OptionsOf(ParseResult parsed) => new(parsed.GetValue(NetNs), parsed.GetValue(State), null, new DaemonSpec());

    private static DaemonSpec? Spec(string? path)
    {
        if (path is null && !File.Exists(DaemonOptions.UsualFile)) return new DaemonSpec();
        var faults = new DiagnosticBag();
        var spec = DaemonSpecReader.Load(path ?? DaemonOptions.UsualFile, Read(path ?? DaemonOptions.UsualFile), faults);
        foreach (var d in faults.Items) Console.Error.WriteLine(d);
        return spec;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"read the daemon's file: {e.Message.TrimEnd('.')}", e);
        }
    }
}
