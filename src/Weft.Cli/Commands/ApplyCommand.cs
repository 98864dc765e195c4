using System.CommandLine;
using Weft.Core.Diagnostics;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft apply: makes the host as the file says, reads it back, and takes everything back when something is wrong.</summary>
internal static class ApplyCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var (file, yes, confirm) = (Arguments.File(), Arguments.Yes(), new ConfirmArguments());
        var boot = new Option<bool>("--boot") { Description = "Apply every project as it was last applied; for the start of the machine" };
        var command = new Command("apply", "Plan, ask, act, verify; take everything back when something is wrong") { file, yes, boot };
        confirm.AddTo(command);
        return command.Asks(global, c => c.Get(boot) ? new Boot(c).Run() : Run(c, c.Get(file), c.Get(yes), confirm), here: c => c.Get(boot) || confirm.ProbesTerminal(c));
    }

    private static int Run(VerbContext context, string? path, bool yes, ConfirmArguments confirm)
    {
        var faults = new DiagnosticBag();
        if (SpecFile.Read(path, faults) is not { } source) return context.Fault(faults.Items, null);
        return new ChangeFlow(context) { Yes = yes, Source = source.Text }.Run(confirm.Of(context, new ApplyRequest(source)));
    }
}
