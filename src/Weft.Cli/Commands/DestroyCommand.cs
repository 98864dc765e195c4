using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft destroy: removes everything of a project; a NIC gets its addresses back.</summary>
internal static class DestroyCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var project = new Argument<string>("project") { Description = "Name of the project, as its file has it", HelpName = "project", CompletionSources = { Names.Projects(global) } };
        var (yes, confirm) = (Arguments.Yes(), new ConfirmArguments());
        var command = new Command("destroy", "Remove everything of a project; NICs get their addresses back") { project, yes };
        confirm.AddTo(command);
        return command.Asks(global, c => new ChangeFlow(c) { Yes = c.Get(yes) }.Run(confirm.Of(c, new DestroyRequest(c.Get(project)!))), here: confirm.ProbesTerminal);
    }
}
