using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;

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

    /// <summary>Where and for whom the engine acts.</summary>
    internal EngineOptions Engine => new(EnginePaths.Of(NetNs, StateDirectory))
    {
        NetNs = NetNs,
        User = Environment.GetEnvironmentVariable("SUDO_USER") ?? Environment.UserName,
        Guard = Self("guard"),
        DhcpGuard = Self("guard-dhcp"),
        AtBoot = NetNs is null && StateDirectory is null ? Environment.ProcessPath : null,
        Warn = text => Screen.Err.MarkupLine($"[yellow]weft:[/] {Markup.Escape(text)}"),
        Observer = Screen.Json ? null : new ProgressLine(Screen),
        Waiting = who => Screen.Err.MarkupLine($"[yellow]waiting for {Markup.Escape(who)} to end[/]"),
    };

    // This program with another verb, for the same network namespace and state.
    private System.Collections.Immutable.ImmutableArray<string> Self(string verb) =>
        [Environment.ProcessPath!, verb, .. NetNs is null ? [] : (string[])["--netns", NetNs], .. StateDirectory is null ? [] : (string[])["--state", StateDirectory]];

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

    /// <summary>Says that what is shown is not kept yet, or in the middle of a change.</summary>
    internal void TellOpen(WeftEngine engine)
    {
        if (engine.Store.Open() is not { } open) return;
        var what = $"the {open.Change.Verb} of project {open.Change.Project}";
        Screen.Err.MarkupLine($"[yellow]{Markup.Escape(open.Deadline is { } deadline ? $"as it is tried: {what} waits to be confirmed until {deadline:HH:mm:ss} UTC" : $"{what} is being made, or was left half-done")}[/]");
    }

    /// <summary>Says what an earlier command had left half-done and this one took back.</summary>
    internal void Tell(Repair? repair)
    {
        if (repair is null) return;
        Screen.Err.MarkupLine($"[yellow]taken back:[/] the {Markup.Escape(repair.Verb)} of project {Markup.Escape(repair.Project)}, begun {repair.At:yyyy-MM-dd HH:mm:ss} UTC: {Markup.Escape(repair.Why)}");
        foreach (var left in repair.Left) Screen.Err.MarkupLine($"  [red]not put back:[/] {Markup.Escape(left)}");
    }
}
