using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine.Documents;

namespace Weft.Cli.Commands;

/// <summary>weft diff: what on the host is no longer as declared.</summary>
internal static class DiffCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var project = Arguments.OnlyProject(global);
        return new Command("diff", "Show what on the host is no longer as it was applied; exit 0 nothing, 2 drift, 1 faults") { project }
            .Asks(global, c => Run(c, c.Get(project)));
    }

    private static int Run(VerbContext context, string? project)
    {
        var answer = context.Host.Diff(project);
        if (answer is not DiffDocument diff) return context.Fault(answer, null);
        var code = !diff.Ok ? ExitCode.Faults : diff.Projects.Any(p => p.Changes > 0) ? ExitCode.Changes : ExitCode.Ok;
        if (context.Screen.Json) return Json.Print(diff, code);
        context.Tell(diff.Repaired);
        context.TellOpen(diff);
        foreach (var p in diff.Projects) Print(context.Screen, p);
        if (diff.Projects.IsEmpty) context.Screen.Out.MarkupLine("nothing has been applied yet");
        return code;
    }

    private static void Print(Screen screen, PlanDocument plan)
    {
        PlanCommand.Print(screen, plan, null);
        if (plan.Changes > 0) screen.Out.MarkupLine($"[grey]weft apply {Markup.Escape(plan.File ?? "")} puts that right[/]");
    }
}
