using System.CommandLine;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;

namespace Weft.Cli.Commands;

/// <summary>weft plan: what apply would do, and why.</summary>
internal static class PlanCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var file = Arguments.File();
        return new Command("plan", "Show what would change, and why; exit 0 nothing, 2 changes, 1 faults") { file }
            .Does(global, c => Run(c, c.Get(file)));
    }

    private static int Run(VerbContext context, string? path)
    {
        var faults = new DiagnosticBag();
        if (SpecFile.Read(path, faults) is not { } source) return context.Fault(faults.Items, null);
        using var engine = WeftEngine.ToCompare(context.Engine, "plan");
        return Print(context, engine, engine.Propose(source), source.Text);
    }

    internal static int Print(VerbContext context, WeftEngine engine, Proposal proposal, string? source)
    {
        var code = !proposal.Succeeded ? ExitCode.Faults : proposal.Plan.IsEmpty ? ExitCode.Ok : ExitCode.Changes;
        if (context.Screen.Json)
            return Json.Print(proposal.Succeeded, proposal.Plan.Notes, code, w =>
            {
                ProposalJson.Write(w, proposal.Plan);
                ProposalJson.Write(w, engine.Repaired);
                ProposalJson.Write(w, engine.Store.Open());
            });
        context.Tell(engine.Repaired);
        context.TellOpen(engine);
        DiagnosticView.Print(context.Screen.Err, proposal.Plan.Notes, source);
        if (proposal.Succeeded) PlanView.Print(context.Screen, proposal.Plan);
        return code;
    }
}
