using System.CommandLine;
using Weft.Cli.Rendering;

namespace Weft.Cli.Commands;

/// <summary>weft completion: prints a script that a shell sources.</summary>
internal static class CompletionCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new Command("completion", "Print the completion script of a shell (source <(weft completion bash))") { shell }
            .Does(global, c => Print(c, c.Get(shell)!), privileged: false);
    }

    private static int Print(VerbContext context, string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"weft.{shell}")!;
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd();
        if (context.Screen.Json) return Json.Print(true, [], ExitCode.Ok, w => w.WriteString("script", script));
        Console.Out.Write(script);
        return ExitCode.Ok;
    }
}
