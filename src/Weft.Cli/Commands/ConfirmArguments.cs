using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Engine.Apply;

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

    /// <summary>What was asked for; null when nothing was.</summary>
    /// <exception cref="ArgumentException">A probe cannot be read.</exception>
    internal (ConfirmOptions? Confirm, Func<CancellationToken, string?>? Probe) Read(VerbContext context)
    {
        var probe = Probes.Of(context.Screen, context.Get(_probe) ?? []);
        return (context.Get(_confirm) is { } wait ? new ConfirmOptions(wait) : null, probe);
    }
}
