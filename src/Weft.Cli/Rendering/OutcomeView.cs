using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>How a change ended, in a line or two.</summary>
internal static class OutcomeView
{
    internal static void Print(Screen screen, ChangeDocument made)
    {
        var steps = made.Changes ?? 0;
        switch (made.Outcome)
        {
            case "committed":
                screen.Out.Profile.Out.Writer.WriteLine($"{new Paint(screen.Out.Profile.Capabilities.Ansi).Green("done")}: {steps} step{(steps == 1 ? "" : "s")}, read back and found as wanted; revision {made.Revision}");
                break;
            case "pending":
                screen.Out.MarkupLine($"[yellow]done, not yet kept[/]: {steps} steps; taken back at {made.Deadline:HH:mm:ss} UTC unless [bold]weft confirm[/] comes");
                break;
            case "undone" or "changed":
                screen.Err.MarkupLine($"[red]weft:[/] {Markup.Escape(made.Why ?? "")}");
                Taken(screen, made);
                break;
        }
    }

    private static void Taken(Screen screen, ChangeDocument made)
    {
        if (made.Left.IsEmpty) screen.Err.MarkupLine("everything was taken back: the host is as before");
        else screen.Err.MarkupLine("[red]taken back but for:[/]");
        foreach (var left in made.Left) screen.Err.MarkupLine($"  {Markup.Escape(left)}");
    }
}
