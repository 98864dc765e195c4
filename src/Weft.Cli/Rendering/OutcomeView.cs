using Spectre.Console;
using Weft.Engine;

namespace Weft.Cli.Rendering;

/// <summary>How a change ended, in a line or two.</summary>
internal static class OutcomeView
{
    internal static void Print(Screen screen, Outcome outcome, Proposal proposal)
    {
        var steps = proposal.Change.Steps.Length;
        switch (outcome.Kind)
        {
            case OutcomeKind.Committed:
                screen.Out.Profile.Out.Writer.WriteLine($"{new Paint(screen.Out.Profile.Capabilities.Ansi).Green("done")}: {steps} step{(steps == 1 ? "" : "s")}, read back and found as wanted; revision {outcome.Revision}");
                break;
            case OutcomeKind.Pending:
                screen.Out.MarkupLine($"[yellow]done, not yet kept[/]: {steps} steps; taken back at {outcome.Deadline:HH:mm:ss} UTC unless [bold]weft confirm[/] comes");
                break;
            case OutcomeKind.Undone or OutcomeKind.Changed:
                screen.Err.MarkupLine($"[red]weft:[/] {Markup.Escape(outcome.Why)}");
                Taken(screen, outcome);
                break;
        }
    }

    private static void Taken(Screen screen, Outcome outcome)
    {
        if (outcome.Left.IsEmpty) screen.Err.MarkupLine("everything was taken back: the host is as before");
        else screen.Err.MarkupLine("[red]taken back but for:[/]");
        foreach (var left in outcome.Left) screen.Err.MarkupLine($"  {Markup.Escape(left)}");
    }
}
