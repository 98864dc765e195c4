using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;
using Weft.Engine.Host.Boot;

namespace Weft.Cli;

/// <summary>weft apply --boot: every project as it was last applied. One that fails does not keep the others down.</summary>
internal sealed class Boot(VerbContext context)
{
    private readonly List<(Proposal Proposal, Outcome? Outcome)> _done = [];

    internal int Run()
    {
        using var engine = WeftEngine.ToAct(Options(), "apply --boot");
        if (!context.Screen.Json) context.Tell(engine.Repaired);
        foreach (var (project, proposal, outcome) in engine.ApplyAtBoot()) Tell(project.Text, proposal, outcome);
        var code = _done.Select(d => Code(d.Outcome)).DefaultIfEmpty(ExitCode.Ok).Max();
        return context.Screen.Json ? PrintJson(engine.Repaired, code) : code;
    }

    // One of its own would be there first, and that of systemd would end at once: nobody would start it again, or exchange it with the package.
    private EngineOptions Options()
    {
        var options = context.Engine;
        return options.AtBoot is { } program && new BootUnit(options.Root, program).StartsGuard ? options with { DhcpGuard = [] } : options;
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
