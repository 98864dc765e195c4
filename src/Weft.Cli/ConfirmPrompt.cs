using Spectre.Console;
using Weft.Engine.Documents;

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
        var made = keep ? context.Host.Confirm() : context.Host.TakeBack(why);
        if (made?.Outcome is null) return SettledElsewhere();
        if (made.Outcome == "committed") context.Screen.Out.MarkupLine($"[green]kept[/]: revision {made.Revision}");
        else context.Tell(made.Repaired);
        return made.Outcome == "committed" ? ExitCode.Ok : ExitCode.Undone;
    }

    // By the guard, or by a command on another terminal.
    private int SettledElsewhere()
    {
        if (context.Host.History(null, 1) is not HistoryDocument { Revisions: [var last, ..] }) return context.Fail("the change no longer waits, and the history does not tell why", null);
        var kept = last.Result == "committed";
        context.Screen.Err.MarkupLine(kept ? $"[green]kept[/] from elsewhere: revision {last.Revision}" : $"[red]taken back[/] already: {Markup.Escape(last.Summary ?? "")}");
        return kept ? ExitCode.Ok : ExitCode.Undone;
    }
}
