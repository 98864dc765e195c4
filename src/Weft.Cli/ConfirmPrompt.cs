using Spectre.Console;
using Weft.Engine;

namespace Weft.Cli;

/// <summary>Asks on the terminal that made a change whether it is to be kept: who can answer is still connected.</summary>
internal sealed class ConfirmPrompt(VerbContext context)
{
    /// <summary>Waits for an answer until the deadline; the guard takes the change back when none comes.</summary>
    internal int Ask(DateTimeOffset deadline)
    {
        if (!context.Screen.Interactive) return ExitCode.Ok;
        context.Screen.Out.Markup($"Can you read this? [bold]Enter[/] keeps the change, [bold]no[/] takes it back; without an answer it is taken back at {deadline:HH:mm:ss} UTC: ");
        var answer = new TaskCompletionSource<string?>();
        new Thread(() => answer.TrySetResult(Console.ReadLine())) { IsBackground = true }.Start();
        var left = deadline - TimeProvider.System.GetUtcNow();
        if (!answer.Task.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) return Settle(keep: false, "nobody answered in time");
        return Settle(keep: answer.Task.Result is { } text && text.Trim().ToLowerInvariant() is "" or "y" or "yes", "answered no");
    }

    private int Settle(bool keep, string why)
    {
        using var engine = WeftEngine.ToAct(context.Engine, keep ? "confirm" : "rollback", takeBackPending: false);
        if (engine.Waiting is null) return SettledElsewhere(engine);
        if (!keep)
        {
            context.Tell(engine.TakeBack(why));
            return ExitCode.Undone;
        }
        context.Screen.Out.MarkupLine($"[green]kept[/]: revision {engine.Confirm()}");
        return ExitCode.Ok;
    }

    // By the guard, or by a command on another terminal.
    private int SettledElsewhere(WeftEngine engine)
    {
        var last = engine.Store.Revisions(null, 1)[0];
        var kept = last.Result == "committed";
        context.Screen.Err.MarkupLine(kept ? $"[green]kept[/] from elsewhere: revision {last.Id}" : $"[red]taken back[/] already: {Markup.Escape(last.Summary)}");
        return kept ? ExitCode.Ok : ExitCode.Undone;
    }
}
