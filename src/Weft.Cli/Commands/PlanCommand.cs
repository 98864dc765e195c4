using System.CommandLine;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine.Documents;

namespace Weft.Cli.Commands;

/// <summary>weft plan: what apply would do, and why.</summary>
internal static class PlanCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var file = Arguments.File();
        return new Command("plan", "Show what would change, and why; exit 0 nothing, 2 changes, 1 faults") { file }
            .Asks(global, c => Run(c, c.Get(file)));
    }

    private static int Run(VerbContext context, string? path)
    {
        var faults = new DiagnosticBag();
        if (SpecFile.Read(path, faults) is not { } source) return context.Fault(faults.Items, null);
        var plan = context.Host.Plan(source);
        var code = !plan.Ok ? ExitCode.Faults : plan.Changes == 0 ? ExitCode.Ok : ExitCode.Changes;
        if (context.Screen.Json) return Json.Print(plan, code);
        context.Tell(plan.Repaired);
        context.TellOpen(plan);
        Print(context.Screen, plan, source.Text);
        return code;
    }

    /// <summary>Prints a plan's remarks and, where it has no faults, its steps.</summary>
    internal static void Print(Screen screen, PlanDocument document, string? source)
    {
        var plan = document.ToPlan();
        DiagnosticView.Print(screen.Err, plan.Notes, source);
        if (document.Ok) PlanView.Print(screen, plan);
    }
}
