using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine.Documents;

namespace Weft.Cli.Commands;

/// <summary>weft history: what was done, when, by whom, and how it ended.</summary>
internal static class HistoryCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var project = Arguments.OnlyProject(global);
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 20, CustomParser = r => Arguments.Number<int>(r, "--limit") ?? 0, HelpName = "N" };
        return new Command("history", "Show what was done, when, by whom, and how it ended") { project, limit }
            .Asks(global, c => Run(c, c.Get(project), c.Get(limit)), privileged: false);
    }

    private static int Run(VerbContext context, string? project, int limit)
    {
        var answer = context.Host.History(project, limit);
        if (answer is not HistoryDocument history) return context.Fault(answer, null);
        if (context.Screen.Json) return Json.Print(history, ExitCode.Ok);
        context.TellOpen(history);
        var table = Tables.New("revision", "when (UTC)", "project", "what", "by", "result", "");
        table.Columns[^1].NoWrap = false; // a long reason is folded, not what is left of it
        foreach (var r in history.Revisions)
            table.AddRow($"{r.Revision}", $"{r.At:yyyy-MM-dd HH:mm:ss}", Markup.Escape(r.Project), Markup.Escape(r.Subject), Markup.Escape(r.User),
                r.Result == "committed" ? "[green]committed[/]" : "[red]undone[/]", Markup.Escape(Short(r.Summary ?? "")));
        context.Screen.Out.Write(table);
        return ExitCode.Ok;
    }

    // In a line; the whole of it is in --json.
    private static string Short(string reason)
    {
        const int most = 160; // characters: what failed, on what, and the kernel's words
        var line = string.Join(' ', reason.Split((char[])['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : $"{line.AsSpan(0, char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)}...";
    }
}
