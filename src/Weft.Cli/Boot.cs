using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;

namespace Weft.Cli;

/// <summary>weft apply --boot: every project as it was last applied. One that fails does not keep the others down.</summary>
internal sealed class Boot(VerbContext context)
{
    private readonly List<(Proposal Proposal, Outcome? Outcome)> _done = [];

    internal int Run()
    {
        using var engine = WeftEngine.ToAct(context.Engine, "apply --boot");
        if (!context.Screen.Json) context.Tell(engine.Repaired);
        foreach (var (project, proposal, outcome) in engine.ApplyAtBoot()) Tell(project.Text, proposal, outcome);
        var code = _done.Select(d => Code(d.Outcome)).DefaultIfEmpty(ExitCode.Ok).Max();
        return context.Screen.Json ? PrintJson(engine.Repaired, code) : code;
    }

    private void Tell(string source, Proposal proposal, Outcome? outcome)
    {
        if (!context.Screen.Json) DiagnosticView.Print(context.Screen.Err, proposal.Plan.Notes, source);
        if (!context.Screen.Json && outcome is not null && proposal.Succeeded) Print(proposal, outcome);
        _done.Add((proposal, outcome));
    }

    private void Print(Proposal proposal, Outcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Nothing) OutcomeView.Print(context.Screen, outcome, proposal);
        else context.Screen.Out.MarkupLine($"{Markup.Escape(proposal.Plan.Project)}: the host is as declared");
    }

    private static int Code(Outcome? outcome) => outcome is null ? ExitCode.Faults : outcome.Kind is OutcomeKind.Committed or OutcomeKind.Nothing ? ExitCode.Ok : ExitCode.Undone;

    private int PrintJson(Repair? repaired, int code) => Json.Print(code == ExitCode.Ok, _done.SelectMany(d => d.Proposal.Plan.Notes), code, w =>
    {
        Json.Objects(w, "projects", _done, d =>
        {
            ProposalJson.Write(w, d.Proposal.Plan);
            ProposalJson.Write(w, d.Outcome);
        });
        ProposalJson.Write(w, repaired);
    });
}
