using System.CommandLine;

namespace Weft.Cli.Commands;

/// <summary>weft completion: prints a script that a shell sources.</summary>
internal static class CompletionCommand
{
    internal static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell (source <(weft completion bash))") { shell };
        command.SetAction(p => Print(p.GetValue(shell)!));
        return command;
    }

    private static int Print(string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"weft.{shell}")!;
        using var reader = new StreamReader(stream);
        Console.Out.Write(reader.ReadToEnd());
        return ExitCode.Ok;
    }
}
