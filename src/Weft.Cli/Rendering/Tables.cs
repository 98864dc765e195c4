using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Tables without lines between columns: people read them, and awk does.</summary>
internal static class Tables
{
    internal static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var c in columns) table.AddColumn(new TableColumn($"[bold]{Markup.Escape(c)}[/]") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }
}
