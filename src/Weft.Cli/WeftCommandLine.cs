using System.CommandLine;
using Weft.Cli.Commands;

namespace Weft.Cli;

/// <summary>The verbs of weft.</summary>
internal static class WeftCommandLine
{
    internal static int Run(string[] args) => Build().Parse(args).Invoke();

    internal static RootCommand Build()
    {
        var options = new GlobalOptions();
        var root = new RootCommand("The networks of KVM virtual machines: planned, applied, verified, undone.");
        options.AddTo(root);
        foreach (var c in new[] { CompletionCommand.Build(), SandboxCommand.Build(options) }) root.Subcommands.Add(c);
        return root;
    }
}
