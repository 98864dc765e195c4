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
        if (!answer.Task.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) return TooLate();
        return answer.Task.Result is { } text && text.Trim().ToLowerInvariant() is "" or "y" or "yes" ? Keep() : TakeBack();
    }

    private int Keep()
    {
        using var engine = WeftEngine.ToAct(context.Engine, "confirm", takeBackPending: false);
        if (engine.Waiting is null) return TooLate();
        context.Screen.Out.MarkupLine($"[green]kept[/]: revision {engine.Confirm()}");
        return ExitCode.Ok;
    }

    private int TakeBack()
    {
        using var engine = WeftEngine.ToAct(context.Engine, "rollback", takeBackPending: false);
        if (engine.Waiting is null) return TooLate();
        context.Tell(engine.TakeBack("answered no"));
        return ExitCode.Undone;
    }

    private int TooLate()
    {
        context.Screen.Err.MarkupLine("\n[red]no answer in time[/]: the change is taken back");
        return ExitCode.Undone;
    }
}
