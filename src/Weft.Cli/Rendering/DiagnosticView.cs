using Spectre.Console;
using Weft.Core.Diagnostics;

namespace Weft.Cli.Rendering;

/// <summary>Diagnostics for people: the place, the line of the file with a caret under the column, and what to do.</summary>
internal static class DiagnosticView
{
    internal static void Print(IAnsiConsole console, IEnumerable<Diagnostic> diagnostics, string? source)
    {
        var lines = source?.Split('\n');
        foreach (var d in diagnostics) Print(console, d, lines);
    }

    private static void Print(IAnsiConsole console, Diagnostic d, string[]? lines)
    {
        var place = d.Location.File.Length > 0 ? d.Location + ": " : "";
        console.MarkupLine($"{Markup.Escape(place)}[{Colour(d.Severity)}]{d.Severity.ToString().ToLowerInvariant()} {d.Code}[/]: {Markup.Escape(d.Message)}");
        if (lines is not null && d.Location.Line >= 1 && d.Location.Line <= lines.Length) PrintLine(console, d.Location, lines[d.Location.Line - 1]);
        if (d.Hint is not null) console.MarkupLine($"      [grey]{Markup.Escape(d.Hint)}[/]");
    }

    private static void PrintLine(IAnsiConsole console, Location at, string line)
    {
        const int widest = 160; // a line of a hostile file may be megabytes long
        if (at.Column > widest) return;
        var text = line.TrimEnd('\r').Replace('\t', ' ');
        console.MarkupLine($"[grey]{at.Line,4} |[/] {Markup.Escape(text.Length > widest ? text[..widest] : text)}");
        console.MarkupLine($"     [grey]|[/] {new string(' ', Math.Max(0, at.Column - 1))}[red]^[/]");
    }

    private static string Colour(Severity s) => s switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "blue" };
}
