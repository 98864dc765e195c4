using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft rollback: takes an unconfirmed change back, or applies an earlier revision again.</summary>
internal static class RollbackCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var revision = new Argument<long?>("revision")
        {
            Description = "Number from weft history; the file applied before the present one where none is named",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "revision",
            CustomParser = r => Arguments.Number<long>(r, "a revision"),
            CompletionSources = { Names.Revisions(global) },
        };
        var (yes, project, confirm) = (Arguments.Yes(), Arguments.Project(global), new ConfirmArguments());
        var command = new Command("rollback", "Take an unconfirmed change back, or apply an earlier revision again") { revision, yes, project };
        confirm.AddTo(command);
        return command.Asks(global, c => TakenBack(c) ?? new ChangeFlow(c) { Yes = c.Get(yes) }.Run(confirm.Of(c, new RollbackRequest(c.Get(revision), c.Get(project)))), here: confirm.ProbesTerminal);
    }

    private static int? TakenBack(VerbContext context)
    {
        if (context.Host.TakeBack("weft rollback") is not { } taken) return null;
        if (context.Screen.Json) return Json.Print(taken, ExitCode.Ok);
        context.Tell(taken.Repaired);
        return ExitCode.Ok;
    }
}
