using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Commands;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;

namespace Weft.Cli;

/// <summary>The verbs of weft.</summary>
internal static class WeftCommandLine
{
    internal static int Run(string[] args)
    {
        var options = new GlobalOptions();
        var parsed = Build(options).Parse(args);
        var json = parsed.GetResult(options.Json) is { Implicit: false };
        var faults = CommandLineFaults.Of(parsed);
        return faults.Count == 0 || (!json && CommandLineFaults.IsUnfinished(parsed))
            ? Invoke(parsed)
            : Print(parsed, faults, new Screen(json, parsed.GetResult(options.NoColor) is { Implicit: false }, false));
    }

    private static int Print(ParseResult parsed, IReadOnlyList<Diagnostic> faults, Screen screen)
    {
        if (screen.Json) return Json.Print(false, faults, ExitCode.Faults);
        foreach (var f in faults) screen.Err.MarkupLine($"[red]weft:[/] {Markup.Escape(f.Message)}{(f.Hint is null ? "" : $" ({Markup.Escape(f.Hint)})")}");
        screen.Err.MarkupLine($"[grey]{Markup.Escape(CommandLineFaults.More(parsed))}[/]");
        return ExitCode.Faults;
    }

    // Help, version and completion print by themselves.
    private static int Invoke(ParseResult parsed)
    {
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"weft: {e.Message}");
            return ExitCode.Faults;
        }
        catch (Exception e) // all that is expected has been told by the verb
        {
            Console.Error.WriteLine($"weft: a fault of weft itself, please report it: {e}");
            return ExitCode.Faults;
        }
    }

    private static RootCommand Build(GlobalOptions options)
    {
        var root = new RootCommand("The networks of KVM virtual machines: planned, applied, verified, undone.");
        options.AddTo(root);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction(options);
        foreach (var c in Verbs(options)) root.Subcommands.Add(c);
        root.Subcommands.Add(CompleteCommand.Build(root));
        root.Subcommands.Add(ManualCommand.Build(root));
        return root;
    }

    private static Command[] Verbs(GlobalOptions options) =>
    [
        PlanCommand.Build(options), ApplyCommand.Build(options), ConfirmCommand.Build(options), ShowCommand.Build(options), DiffCommand.Build(options), PortCommand.Build(options),
        TopCommand.Build(options), MetricsCommand.Build(options), EventsCommand.Build(options), HistoryCommand.Build(options), RollbackCommand.Build(options), DestroyCommand.Build(options), ValidateCommand.Build(options), SchemaCommand.Build(options),
        ImportCommand.Build(options), AdoptCommand.Build(options), ExportCommand.Build(options),
        SandboxCommand.Build(options), CompletionCommand.Build(options), GuardCommand.Build(options), GuardDhcpCommand.Build(options), ProbeKernelCommand.Build(options), LibvirtHookCommand.Build(options), DialCommand.Build(options),
    ];
}
