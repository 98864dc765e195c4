using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Cli.Commands;

/// <summary>weft validate: the faults of a file, without looking at the host.</summary>
internal static class ValidateCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var file = Arguments.File();
        return new Command("validate", "Show the faults of a file; nothing of the host is looked at") { file }
            .Does(global, c => Run(c, c.Get(file)), privileged: false);
    }

    private static int Run(VerbContext context, string? path)
    {
        var faults = new DiagnosticBag();
        var source = SpecFile.Read(path, faults);
        if (source is not null) SpecReader.Load(source.File, source.Text, faults);
        var code = faults.HasErrors ? ExitCode.Faults : ExitCode.Ok;
        if (context.Screen.Json) return Json.Print(!faults.HasErrors, faults.Items, code);
        DiagnosticView.Print(context.Screen.Err, faults.Items, source?.Text);
        if (!faults.HasErrors) context.Screen.Out.MarkupLine("[green]no faults[/]");
        return code;
    }
}
