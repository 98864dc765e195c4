using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Completion;

namespace Weft.Cli;

/// <summary>Options that every verb takes.</summary>
internal sealed class GlobalOptions
{
    internal Option<string?> NetNs { get; } = new("--netns") { Description = "Act in this network namespace (as named by ip netns)", Recursive = true, HelpName = "NAME", CompletionSources = { Names.Namespaces } };
    internal Option<DirectoryInfo?> State { get; } = new("--state") { Description = "Directory of revisions, allocations and the journal", Recursive = true, HelpName = "DIR", CustomParser = Folder, CompletionSources = { Names.Fixed(Names.Directories) } };
    internal Option<string?> Host { get; } = new("--host") { Description = "Act on another host, by its daemon: a name of hosts.yaml or of ssh, https://HOST:PORT, ssh://USER@HOST, unix:/PATH", Recursive = true, HelpName = "HOST" };
    internal Option<bool> NoDaemon { get; } = new("--no-daemon") { Description = "Do not ask the daemon, also where one runs", Recursive = true };
    internal Option<bool> Json { get; } = new("--json") { Description = "Print one JSON document instead of text", Recursive = true };
    internal Option<bool> NoColor { get; } = new("--no-color") { Description = "Print no colours (as does the variable NO_COLOR)", Recursive = true };
    internal Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Print more", Recursive = true };

    private static DirectoryInfo? Folder(ArgumentResult result)
    {
        if (result.Tokens[0].Value is { Length: > 0 } text) return new DirectoryInfo(text);
        result.AddError("--state: name a directory");
        return null;
    }

    internal void AddTo(RootCommand root)
    {
        foreach (var o in new Option[] { NetNs, State, Host, NoDaemon, Json, NoColor, Verbose }) root.Options.Add(o);
    }
}
