using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;

namespace Weft.Cli.Commands;

/// <summary>weft confirm: keeps a change that was made with --confirm.</summary>
internal static class ConfirmCommand
{
    internal static Command Build(GlobalOptions global) =>
        new Command("confirm", "Keep the change that waits to be confirmed").Asks(global, Run);

    private static int Run(VerbContext context)
    {
        var made = context.Host.Confirm();
        var code = made.Ok ? ExitCode.Ok : made.Outcome is null ? ExitCode.Faults : ExitCode.Undone;
        if (context.Screen.Json) return Json.Print(made, code);
        context.Tell(made.Repaired);
        if (made.Outcome is null) return context.Fault(made, null);
        if (made.Ok) context.Screen.Out.MarkupLine($"[green]kept[/]: the change of project {Markup.Escape(made.Project ?? "")}; revision {made.Revision}");
        return code;
    }
}
