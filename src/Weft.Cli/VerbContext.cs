using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;

namespace Weft.Cli;

/// <summary>One run of a verb: its arguments, its screen, and where it acts.</summary>
internal sealed class VerbContext
{
    private readonly ParseResult _parsed;

    internal VerbContext(ParseResult parsed, GlobalOptions options)
    {
        _parsed = parsed;
        NetNs = parsed.GetValue(options.NetNs);
        StateDirectory = parsed.GetValue(options.State)?.FullName;
        Screen = new Screen(parsed.GetValue(options.Json), parsed.GetValue(options.NoColor), parsed.GetValue(options.Verbose));
    }

    internal Screen Screen { get; }
    internal string? NetNs { get; }
    internal string? StateDirectory { get; }

    internal T? Get<T>(Option<T> option) => _parsed.GetValue(option);
    internal T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Runs on a thread that is in the chosen network namespace.</summary>
    internal int InNamespace(Func<int> action) => Weft.Linux.NetNs.NetNamespace.Run(NetNs, action);

    /// <summary>Prints faults, with the lines of the file they are about.</summary>
    internal int Fault(IReadOnlyCollection<Diagnostic> diagnostics, string? source)
    {
        if (Screen.Json) return Json.Print(false, diagnostics, ExitCode.Faults);
        DiagnosticView.Print(Screen.Err, diagnostics, source);
        return ExitCode.Faults;
    }

    /// <summary>Prints a fault of the host: what failed, on what, why.</summary>
    internal int Fail(string message, string? detail)
    {
        if (Screen.Json) return Json.Print(false, [new Diagnostic("WEFT0001", Severity.Error, message, Location.None)], ExitCode.Faults);
        Screen.Err.MarkupLine($"[red]weft:[/] {Markup.Escape(message)}");
        if (detail is not null) Screen.Err.MarkupLine($"[grey]{Markup.Escape(detail)}[/]");
        return ExitCode.Faults;
    }
}
