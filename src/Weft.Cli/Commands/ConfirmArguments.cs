using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>--confirm and --probe, which every verb takes that may cut the administrator off.</summary>
internal sealed class ConfirmArguments
{
    private readonly Option<TimeSpan?> _confirm = Arguments.Duration("--confirm", "Take the change back unless weft confirm comes within this time");
    private readonly Option<string[]> _probe = new("--probe")
    {
        Description = "After the change this must be reachable, else it is taken back: gateway, ssh, tcp:HOST:PORT, ping:HOST; may be repeated",
        HelpName = "TARGET",
        AllowMultipleArgumentsPerToken = false,
        CompletionSources = { Names.Fixed("gateway", "ssh", "tcp:", "ping:") },
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_confirm);
        command.Options.Add(_probe);
    }

    /// <summary>The terminal is this process's: only it can tell whether the SSH client is still there.</summary>
    internal bool ProbesTerminal(VerbContext context) => context.Get(_probe)?.Contains("ssh") ?? false;

    /// <summary>A change with what was asked for.</summary>
    internal ChangeRequest Of(VerbContext context, ChangeRequest change) => change with { Confirm = context.Get(_confirm), Probes = [.. context.Get(_probe) ?? []] };
}
