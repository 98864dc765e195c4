using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;

namespace Weft.Cli.Commands;

/// <summary>weft confirm: keeps a change that was made with --confirm.</summary>
internal static class ConfirmCommand
{
    internal static Command Build(GlobalOptions global) =>
        new Command("confirm", "Keep the change that waits to be confirmed").Does(global, Run);

    private static int Run(VerbContext context)
    {
        using var engine = WeftEngine.ToAct(context.Engine, "confirm", takeBackPending: false);
        if (!context.Screen.Json) context.Tell(engine.Repaired);
        if (engine.Waiting is not { } row) return context.Fail("no change waits to be confirmed", null);
        if (row.Deadline <= context.Engine.Clock.GetUtcNow()) return TooLate(context, engine);
        var revision = engine.Confirm();
        if (context.Screen.Json) return Json.Print(true, [], ExitCode.Ok, w =>
        {
            w.WriteNumber("revision", revision);
            ProposalJson.Write(w, engine.Repaired);
        });
        context.Screen.Out.MarkupLine($"[green]kept[/]: the {row.Change.Verb} of project {Spectre.Console.Markup.Escape(row.Change.Project)}; revision {revision}");
        return ExitCode.Ok;
    }

    // Its guard is gone, or waits for the lock: nobody confirmed while there was time.
    private static int TooLate(VerbContext context, WeftEngine engine)
    {
        var repair = engine.TakeBack("it was confirmed too late");
        if (context.Screen.Json)
            return Json.Print(false, [new Diagnostic("WEFT0002", Severity.Error, repair.Why, Location.None)], ExitCode.Undone, w =>
            {
                w.WriteNull("revision");
                ProposalJson.Write(w, repair);
            });
        context.Tell(repair);
        return ExitCode.Undone;
    }
}
