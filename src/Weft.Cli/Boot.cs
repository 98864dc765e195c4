using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;
using Weft.Engine.Documents;
using Weft.Engine.Host.Boot;

namespace Weft.Cli;

/// <summary>weft apply --boot: every project as it was last applied. One that fails does not keep the others down.</summary>
internal sealed class Boot(VerbContext context)
{
    private readonly List<ChangeDocument> _done = [];

    internal int Run()
    {
        using var engine = WeftEngine.ToAct(Options(), "apply --boot");
        var repaired = RepairDocument.Of(engine.Repaired);
        if (!context.Screen.Json) context.Tell(repaired);
        foreach (var (project, proposal, outcome) in engine.ApplyAtBoot()) Tell(project.Text, proposal, outcome);
        var code = _done.Select(Code).DefaultIfEmpty(ExitCode.Ok).Max();
        return !context.Screen.Json ? code
            : Json.Print(new BootDocument { Ok = code == ExitCode.Ok, Diagnostics = [.. _done.SelectMany(d => d.Diagnostics)], Projects = [.. _done], Repaired = repaired }, code);
    }

    // One of its own would be there first, and that of systemd would end at once: nobody would start it again, or exchange it with the package.
    private EngineOptions Options()
    {
        var options = context.Engine;
        return options.AtBoot is { } program && new BootUnit(options.Root, program).StartsGuard ? options with { DhcpGuard = [] } : options;
    }

    private void Tell(string source, Proposal proposal, Outcome? outcome)
    {
        var made = outcome is null ? ChangeDocument.Planned(proposal.Plan) with { Ok = false } : ChangeDocument.Of(proposal, outcome, null);
        if (!context.Screen.Json) Print(made, proposal, source);
        _done.Add(made);
    }

    private void Print(ChangeDocument made, Proposal proposal, string source)
    {
        DiagnosticView.Print(context.Screen.Err, proposal.Plan.Notes, source);
        if (made.Outcome == "nothing") context.Screen.Out.MarkupLine($"{Markup.Escape(proposal.Plan.Project)}: the host is as declared");
        else if (made.Outcome is not null && proposal.Succeeded) OutcomeView.Print(context.Screen, made);
    }

    private static int Code(ChangeDocument made) => made.Outcome switch { null => ExitCode.Faults, "committed" or "nothing" => ExitCode.Ok, _ => ExitCode.Undone };
}
