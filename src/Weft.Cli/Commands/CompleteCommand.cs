using System.CommandLine;
using Weft.Cli.Completion;

namespace Weft.Cli.Commands;

/// <summary>weft complete: what the completion scripts ask. One candidate a line, after a tab what it is.</summary>
internal static class CompleteCommand
{
    internal static Command Build(RootCommand root)
    {
        var words = new Argument<string[]>("words") { Description = "After --: the words that follow weft, the last one as far as it is typed" };
        var command = new Command("complete", "Print what may come next on a command line (asked by the completion scripts)") { words };
        command.SetAction(p => Print(root, p.GetValue(words) ?? []));
        return command.Hide();
    }

    private static int Print(RootCommand root, string[] words)
    {
        foreach (var c in new Completer(root).For(words)) Console.Out.WriteLine(c.Detail is null ? c.Label : $"{c.Label}\t{c.Detail}");
        return ExitCode.Ok;
    }
}
