using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Remote;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli;

/// <summary>One run of a verb: its arguments, its screen, and where it acts.</summary>
internal sealed class VerbContext : IDisposable
{
    private readonly ParseResult _parsed;
    private readonly string? _host;
    private bool _alone;
    private readonly Lazy<DaemonClient?> _daemon;
    private readonly ProgressLine _progress;
    private readonly Dots _dots = new();

    internal VerbContext(ParseResult parsed, GlobalOptions options)
    {
        _parsed = parsed;
        NetNs = parsed.GetValue(options.NetNs);
        StateDirectory = parsed.GetValue(options.State)?.FullName;
        Screen = new Screen(parsed.GetValue(options.Json), parsed.GetValue(options.NoColor), parsed.GetValue(options.Verbose));
        _progress = new ProgressLine(Screen);
        _host = parsed.GetValue(options.Host);
        _daemon = new(() => Connect(_host, parsed.GetValue(options.NoDaemon)));
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
        Observer = Screen.Json ? null : _progress,
        Waiting = who => Screen.Err.MarkupLine($"[yellow]waiting for {Markup.Escape(who)} to end[/]"),
    };

    // This program with another verb, for the same network namespace and state.
    private System.Collections.Immutable.ImmutableArray<string> Self(string verb) =>
        [Environment.ProcessPath!, verb, .. NetNs is null ? [] : (string[])["--netns", NetNs], .. StateDirectory is null ? [] : (string[])["--state", StateDirectory]];

    /// <summary>The daemon that does what is asked for; null where weft does it alone.</summary>
    internal DaemonClient? Daemon => _alone ? null : _daemon.Value;

    /// <summary>The host that is looked at.</summary>
    internal IWeftHost Host => HostOf(Engine);

    /// <summary>The host that is changed.</summary>
    internal IWeftHost HostFor(ChangeRequest request) => HostOf(Engine with { Stir = Screen.Json && !request.Probes.Contains("ssh") ? () => { } : _dots.Add });

    private IWeftHost HostOf(EngineOptions options) => Daemon is { } daemon ? new RemoteHost(daemon, Tell) : new EngineHost(options);

    /// <summary>This process itself acts, not the daemon.</summary>
    /// <exception cref="ArgumentException">Another host was named.</exception>
    internal void ActAlone()
    {
        _alone = true;
        if (_host is not null) throw new ArgumentException($"--host {_host}: this is for the host it runs on only; run it there");
    }

    /// <summary>Ends lines that were left open while a change was made.</summary>
    internal void Settled() => _dots.End();

    /// <summary>Runs on a thread that is in the chosen network namespace.</summary>
    internal int InNamespace(Func<int> action) => Weft.Linux.NetNs.NetNamespace.Run(NetNs, action);

    public void Dispose()
    {
        if (_daemon.IsValueCreated) _daemon.Value?.Dispose();
    }

    private DaemonClient? Connect(string? host, bool alone)
    {
        if (host is not null && (alone || NetNs is not null || StateDirectory is not null))
            throw new ArgumentException("--host: the daemon there has its own namespace and state; leave --netns, --state and --no-daemon away");
        if (host is not null) return new DaemonClient(host, DaemonDoor.Open(DaemonAddress.Of(host)));
        return !alone && DaemonDoor.Local(EnginePaths.Of(NetNs, StateDirectory), NetNs is null && StateDirectory is null) is { } client ? Awake(new DaemonClient("this host", client)) : null;
    }

    // A daemon that hangs must not keep an administrator from the host.
    private DaemonClient? Awake(DaemonClient daemon)
    {
        if (daemon.Answers()) return daemon;
        daemon.Dispose();
        Screen.Err.MarkupLine("[yellow]weftd does not answer: weft acts by itself[/]");
        return null;
    }

    private void Tell(ProgressDocument p)
    {
        if (Screen.Json) return;
        if (p.Round == 0) _progress.Show(p);
        else
        {
            _progress.Clear();
            _dots.Add();
        }
    }

    /// <summary>Prints what was refused, with the lines of the file it is about.</summary>
    internal int Fault(Document refused, string? source) => Screen.Json ? Json.Print(refused, ExitCode.Faults) : Fault([.. refused.Diagnostics.Select(d => d.ToDiagnostic())], source);

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
    internal void TellOpen(ILook document)
    {
        if (document.Open is not { } open) return;
        var what = $"the {open.Verb} of project {open.Project}";
        Screen.Err.MarkupLine($"[yellow]{Markup.Escape(open.Deadline is { } deadline ? $"as it is tried: {what} waits to be confirmed until {deadline:HH:mm:ss} UTC" : $"{what} is being made, or was left half-done")}[/]");
    }

    /// <summary>Says what an earlier command had left half-done and this one took back.</summary>
    internal void Tell(RepairDocument? repair)
    {
        if (repair is null) return;
        Screen.Err.MarkupLine($"[yellow]taken back:[/] the {Markup.Escape(repair.Verb)} of project {Markup.Escape(repair.Project)}, begun {repair.At:yyyy-MM-dd HH:mm:ss} UTC: {Markup.Escape(repair.Why)}");
        foreach (var left in repair.Left) Screen.Err.MarkupLine($"  [red]not put back:[/] {Markup.Escape(left)}");
    }
}
