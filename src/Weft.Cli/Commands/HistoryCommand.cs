using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;
using Weft.Engine.Store;

namespace Weft.Cli.Commands;

/// <summary>weft history: what was done, when, by whom, and how it ended.</summary>
internal static class HistoryCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var project = Arguments.OnlyProject(global);
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 20, CustomParser = r => Arguments.Number<int>(r, "--limit") ?? 0, HelpName = "N" };
        return new Command("history", "Show what was done, when, by whom, and how it ended") { project, limit }
            .Does(global, c => Run(c, c.Get(project), c.Get(limit)), privileged: false);
    }

    private static int Run(VerbContext context, string? project, int limit)
    {
        using var engine = WeftEngine.ToLook(context.Engine);
        var rows = engine.Store.Revisions(project, limit);
        if (rows.Count == 0 && project is not null && engine.Unknown(project) is { } unknown) return context.Fault([unknown], null); // one that is gone has its history
        if (context.Screen.Json) return PrintJson(rows, engine.Store.Open());
        context.TellOpen(engine);
        var table = Tables.New("revision", "when (UTC)", "project", "what", "by", "result", "");
        foreach (var r in rows)
            table.AddRow($"{r.Id}", $"{r.At:yyyy-MM-dd HH:mm:ss}", Markup.Escape(r.Project), Markup.Escape($"{r.Verb} {r.File}"), Markup.Escape(r.User),
                r.Result == "committed" ? "[green]committed[/]" : "[red]undone[/]", Markup.Escape(r.Summary));
        context.Screen.Out.Write(table);
        return ExitCode.Ok;
    }

    private static int PrintJson(IReadOnlyList<RevisionRow> rows, JournalRow? open) => Json.Print(true, [], ExitCode.Ok, w =>
    {
        Json.Objects(w, "revisions", rows, r =>
        {
            w.WriteNumber("revision", r.Id);
            w.WriteString("at", r.At);
            w.WriteString("project", r.Project);
            w.WriteString("verb", r.Verb);
            w.Text("file", r.File);
            w.WriteString("user", r.User);
            w.WriteString("result", r.Result);
            w.Text("summary", r.Summary);
        });
        ProposalJson.Write(w, open);
    });
}
