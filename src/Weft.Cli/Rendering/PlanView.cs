using System.Text;
using Spectre.Console;
using Weft.Core.Planning;

namespace Weft.Cli.Rendering;

/// <summary>
/// A plan as a coloured tree, grouped by network: + made, ~ changed, - removed, each with the reason. It is written as one text: a tree widget measures
/// every character of every line, which for a hundred networks takes longer than making them.
/// </summary>
internal static class PlanView
{
    internal static void Print(Screen screen, Plan plan)
    {
        if (plan.IsEmpty)
        {
            screen.Out.MarkupLine($"[green]{Markup.Escape(plan.Project)}: the host is as declared, nothing to do[/]");
            return;
        }
        var paint = new Paint(screen.Out.Profile.Capabilities.Ansi);
        var text = new StringBuilder($"{paint.Bold(plan.Project)}: {Count(plan, paint)}\n");
        var groups = PlanText.Groups(plan, screen.Verbose);
        for (var i = 0; i < groups.Count; i++) Add(text, groups[i], paint, last: i == groups.Count - 1);
        if (!screen.Verbose) text.Append(paint.Grey("-v lists every element of the policy")).Append('\n');
        screen.Out.Profile.Out.Writer.Write(text.ToString());
    }

    private static void Add(StringBuilder text, PlanGroup group, Paint paint, bool last)
    {
        text.Append($"{(last ? "└── " : "├── ")}{(group.Network.Length == 0 ? "the host" : paint.Bold(group.Network))}\n");
        for (var i = 0; i < group.Lines.Count; i++)
            text.Append($"{(last ? "    " : "│   ")}{(i == group.Lines.Count - 1 ? "└── " : "├── ")}{Line(group.Lines[i], paint)}\n");
    }

    private static string Count(Plan plan, Paint paint) => string.Join(", ", paint.Green($"{plan.Steps.Count(s => s.Before is null)} to add"),
        paint.Yellow($"{plan.Steps.Count(s => s is { Before: not null, After: not null })} to change"), paint.Red($"{plan.Steps.Count(s => s.After is null)} to remove"));

    private static string Line(PlanLine line, Paint paint) =>
        $"{Sign(line.Sign, paint)} {line.Kind} {paint.Bold(line.Name)} {line.Summary} {paint.Grey($"({line.Why})")}";

    private static string Sign(char sign, Paint paint) => sign switch { '+' => paint.Green("+"), '-' => paint.Red("-"), _ => paint.Yellow("~") };
}
