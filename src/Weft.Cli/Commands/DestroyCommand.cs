using System.CommandLine;
using Weft.Cli.Completion;

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
        return command.Does(global, c =>
        {
            var (wait, probe) = confirm.Read(c);
            return new ChangeFlow(c, $"destroy {c.Get(project)}", e => e.ProposeDestroy(c.Get(project)!)) { Yes = c.Get(yes), Confirm = wait, Probe = probe }.Run();
        });
    }
}
