using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;
using Weft.Engine.Apply;

namespace Weft.Cli;

/// <summary>
/// What apply, destroy, rollback and port have in common: work out, show, ask, act, report. While a person thinks about the question nobody else is kept
/// waiting: the lock is given back, and after the answer it is looked whether the plan still holds.
/// </summary>
internal sealed class ChangeFlow(VerbContext context, string what, Func<WeftEngine, Proposal> propose)
{
    /// <summary>Do not ask.</summary>
    internal bool Yes { get; init; }
    /// <summary>Do not show the plan: the verb is small and was asked for by name.</summary>
    internal bool Quiet { get; init; }
    /// <summary>Take it back unless confirmed.</summary>
    internal ConfirmOptions? Confirm { get; init; }
    /// <summary>What must be reachable afterwards, where the change is not to be confirmed by a person.</summary>
    internal Func<CancellationToken, string?>? Probe { get; init; }
    /// <summary>Text of the file, for the lines of faults.</summary>
    internal string? Source { get; init; }
    /// <summary>Prints what the verb adds when the change is made; gets the proposal.</summary>
    internal Action<Proposal> Done { get; init; } = _ => { };
    /// <summary>Writes what the verb adds to the JSON document.</summary>
    internal Action<System.Text.Json.Utf8JsonWriter, Proposal> DoneJson { get; init; } = (_, _) => { };

    private Screen Screen => context.Screen;

    internal int Run()
    {
        var engine = WeftEngine.ToAct(context.Engine, what);
        try
        {
            var repaired = engine.Repaired;
            if (!Screen.Json) context.Tell(repaired);
            if (engine.Waiting is { } open) return context.Fail($"a change of project {open.Change.Project} waits to be confirmed until {open.Deadline:HH:mm:ss} UTC: weft confirm keeps it, weft rollback takes it back", null);
            var proposal = propose(engine);
            if (!proposal.Succeeded) return context.Fault(proposal.Plan.Notes, Source);
            Show(proposal);
            if (!proposal.Plan.IsEmpty && !Yes)
            {
                if (!Screen.Interactive) return context.Fail("nobody is there to be asked: say --yes", null);
                engine.Dispose();
                if (!Agreed()) return ExitCode.Faults;
                engine = WeftEngine.ToAct(context.Engine, what);
                if (engine.Refresh(proposal) is not { } fresh) return context.Fail("the host or the allocations changed since the plan was made; nothing was done: look at the new plan", null);
                proposal = fresh;
            }
            var outcome = engine.Apply(proposal, Confirm, Probe);
            engine.Dispose(); // the guard, and whoever confirms from elsewhere, must have the lock while a person thinks
            return Report(proposal, outcome, repaired);
        }
        finally
        {
            engine.Dispose();
        }
    }

    private void Show(Proposal proposal)
    {
        if (Screen.Json) return;
        DiagnosticView.Print(Screen.Err, proposal.Plan.Notes, Source);
        if (!Quiet) PlanView.Print(Screen, proposal.Plan);
    }

    private bool Agreed()
    {
        Screen.Out.Markup("Do this? [bold]yes[/] or no: ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private int Report(Proposal proposal, Outcome outcome, Repair? repaired)
    {
        var good = outcome.Kind is OutcomeKind.Committed or OutcomeKind.Nothing or OutcomeKind.Pending;
        var code = good ? ExitCode.Ok : ExitCode.Undone;
        if (Screen.Json) return PrintJson(proposal, outcome, repaired, good, code);
        OutcomeView.Print(Screen, outcome, proposal);
        if (good) Done(proposal);
        return outcome.Kind == OutcomeKind.Pending ? new ConfirmPrompt(context).Ask(outcome.Deadline!.Value) : code;
    }

    private int PrintJson(Proposal proposal, Outcome outcome, Repair? repaired, bool good, int code)
    {
        IEnumerable<Diagnostic> notes = good ? proposal.Plan.Notes : [.. proposal.Plan.Notes, new Diagnostic("WEFT0002", Severity.Error, outcome.Why, Location.None)];
        return Json.Print(good, notes, code, w =>
        {
            ProposalJson.Write(w, proposal.Plan);
            ProposalJson.Write(w, outcome);
            ProposalJson.Write(w, repaired);
            if (good) DoneJson(w, proposal);
        });
    }
}
