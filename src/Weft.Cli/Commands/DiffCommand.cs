using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;

namespace Weft.Cli.Commands;

/// <summary>weft diff: what on the host is no longer as declared.</summary>
internal static class DiffCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var project = Arguments.OnlyProject(global);
        return new Command("diff", "Show what on the host is no longer as it was applied; exit 0 nothing, 2 drift, 1 faults") { project }
            .Does(global, c => Run(c, c.Get(project)));
    }

    private static int Run(VerbContext context, string? project)
    {
        using var engine = WeftEngine.ToCompare(context.Engine, "diff");
        if (project is not null && engine.Unknown(project) is { } unknown) return context.Fault([unknown], null);
        var rows = engine.Store.Projects.Where(p => project is null || p.Name == project).ToList();
        var proposals = rows.ConvertAll(p => engine.Propose(new SpecSource(p.File, p.Text)));
        var code = proposals.Exists(p => !p.Succeeded) ? ExitCode.Faults : proposals.Exists(p => !p.Plan.IsEmpty) ? ExitCode.Changes : ExitCode.Ok;
        if (context.Screen.Json) return Print(engine, proposals, code);
        context.Tell(engine.Repaired);
        context.TellOpen(engine);
        foreach (var p in proposals) Print(context.Screen, p);
        if (rows.Count == 0) context.Screen.Out.MarkupLine("nothing has been applied yet");
        return code;
    }

    private static void Print(Screen screen, Proposal p)
    {
        DiagnosticView.Print(screen.Err, p.Plan.Notes, null);
        if (!p.Succeeded) return;
        PlanView.Print(screen, p.Plan);
        if (!p.Plan.IsEmpty) screen.Out.MarkupLine($"[grey]weft apply {Markup.Escape(p.Change.File)} puts that right[/]");
    }

    private static int Print(WeftEngine engine, List<Proposal> proposals, int code) =>
        Json.Print(code != ExitCode.Faults, proposals.SelectMany(p => p.Plan.Notes), code, w =>
        {
            Json.Objects(w, "projects", proposals, p =>
            {
                ProposalJson.Write(w, p.Plan);
            });
            ProposalJson.Write(w, engine.Repaired);
            ProposalJson.Write(w, engine.Store.Open());
        });
}
