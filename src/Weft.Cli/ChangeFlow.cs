using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Planning;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli;

/// <summary>What apply, destroy, rollback and port have in common: the plan is shown, agreed to, carried out, and what became of it told.</summary>
internal sealed class ChangeFlow(VerbContext context) : IChangeClient
{
    /// <summary>Do not ask.</summary>
    internal bool Yes { get; init; }
    /// <summary>Do not show the plan: the verb is small and was asked for by name.</summary>
    internal bool Quiet { get; init; }
    /// <summary>Text of the file, for the lines of faults.</summary>
    internal string? Source { get; init; }
    /// <summary>Prints what the verb adds when the change is made.</summary>
    internal Action<ChangeDocument> Done { get; init; } = _ => { };

    private Screen Screen => context.Screen;

    public bool AgreesBeforehand => Yes;

    internal int Run(ChangeRequest request)
    {
        var made = context.HostFor(request).Change(request, this);
        context.Settled();
        var code = Code(made);
        if (Screen.Json) return Json.Print(made, code);
        if (made.Outcome is null) return context.Fault(made, Source);
        OutcomeView.Print(Screen, made);
        if (made.Ok) Done(made);
        return made is { Outcome: "pending", Deadline: { } deadline } ? new ConfirmPrompt(context).Ask(deadline) : code;
    }

    public void Repaired(RepairDocument repair)
    {
        if (!Screen.Json) context.Tell(repair);
    }

    public Consent Planned(Plan plan)
    {
        if (!Screen.Json) Show(plan);
        if (Yes || plan.IsEmpty) return Consent.Yes;
        return Screen.Interactive ? Consent.Ask : throw new IOException("nobody is there to be asked: say --yes");
    }

    public bool Agrees()
    {
        Screen.Out.Markup("Do this? [bold]yes[/] or no: ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private void Show(Plan plan)
    {
        DiagnosticView.Print(Screen.Err, plan.Notes, Source);
        if (!Quiet) PlanView.Print(Screen, plan);
    }

    private static int Code(ChangeDocument made) => made.Ok ? ExitCode.Ok : made.Outcome is null ? ExitCode.Faults : ExitCode.Undone;
}
