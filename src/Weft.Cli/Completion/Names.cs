using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Weft.Cli.Sandbox;
using Weft.Engine;
using Weft.Engine.Store;
using Weft.Linux.NetNs;

namespace Weft.Cli.Completion;

/// <summary>Names that a shell offers at the place of a value: of projects, networks, machines; read from the state directory that the line names.</summary>
internal static class Names
{
    /// <summary>In the place of a value: the shell offers files.</summary>
    internal const string Files = ":files";

    /// <summary>In the place of a value: the shell offers folders.</summary>
    internal const string Directories = ":directories";

    internal static Func<CompletionContext, IEnumerable<CompletionItem>> Fixed(params string[] words) => _ => words.Select(w => new CompletionItem(w));

    internal static IEnumerable<CompletionItem> Namespaces(CompletionContext context) => NetNamespace.List().Select(n => new CompletionItem(n));

    internal static IEnumerable<CompletionItem> Sandboxes(CompletionContext context) => SandboxHost.Names.Select(n => new CompletionItem(n));

    internal static Func<CompletionContext, IEnumerable<CompletionItem>> Projects(GlobalOptions global) =>
        Stored(global, s => s.Projects.Select(p => Item(p.Name, p.File)));

    internal static Func<CompletionContext, IEnumerable<CompletionItem>> Networks(GlobalOptions global) =>
        Stored(global, s => s.Allocations().Networks.GroupBy(n => n.Network).Select(g => Item(g.Key, string.Join(", ", g.Select(n => $"{n.Mode}, project {n.Project}")))));

    internal static Func<CompletionContext, IEnumerable<CompletionItem>> Machines(GlobalOptions global) =>
        Stored(global, s => s.Allocations().Ports.GroupBy(p => p.Machine).Select(g => Item(g.Key, $"on {string.Join(", ", g.Select(p => p.Network).Distinct())}")));

    internal static Func<CompletionContext, IEnumerable<CompletionItem>> Revisions(GlobalOptions global) =>
        Stored(global, s => s.Revisions(null).Where(r => r.Result == "committed").Select(r => Item($"{r.Id}", $"{r.At:yyyy-MM-dd HH:mm}, {r.Verb} {r.File}")));

    private static CompletionItem Item(string name, string detail) => new(name, detail: detail);

    // A shell has no place for what goes wrong here: who may not read the state, or has none, is offered no names.
    private static Func<CompletionContext, IEnumerable<CompletionItem>> Stored(GlobalOptions global, Func<WeftStore, IEnumerable<CompletionItem>> read) => context =>
    {
        var paths = EnginePaths.Of(Value(context, global.NetNs), Value(context, global.State));
        try
        {
            using var store = WeftStore.ToRead(paths.Database);
            return [.. read(store)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    };

    // As typed: a line that is not complete has faults elsewhere.
    private static string? Value(CompletionContext context, Option option) =>
        context.ParseResult.GetResult(option) is { Tokens: [Token token, ..] } ? token.Value : null;
}
