using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Weft.Core.Diagnostics;

namespace Weft.Cli;

/// <summary>What is wrong with a command line of weft or weftd, in a line each; the help is a word away.</summary>
internal static class CommandLineFaults
{
    private const string Code = "WEFT0003";

    /// <summary>The faults; none where the line can be carried out, or asks for help.</summary>
    internal static IReadOnlyList<Diagnostic> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] strange = [.. Mistaken(parsed), .. parsed.UnmatchedTokens];
        if (strange.Length > 0 && !AsksForHelp(parsed)) return [.. strange.Distinct().Select(w => Strange(command, w))];
        return parsed.Action is ParseErrorAction ? [.. parsed.Errors.Select(e => Fault(Line(e.Message), null))] : [];
    }

    /// <summary>A verb is missing, and nothing is wrong with what is there: the help has the list.</summary>
    internal static bool IsUnfinished(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && parsed.Errors.Count == 1;

    /// <summary>Where the help for a line is.</summary>
    internal static string More(ParseResult parsed) => $"{Path(parsed.CommandResult)} --help says more";

    private static bool AsksForHelp(ParseResult parsed) => parsed.Action is not (null or ParseErrorAction) && parsed.CommandResult.Command.Action != parsed.Action;

    // An option that is not known is taken for a value where one may stand. What follows "--" is no option.
    private static IEnumerable<string> Mistaken(ParseResult parsed) => parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash) ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Where(v => v.Length > 1 && v[0] == '-');

    private static Diagnostic Strange(Command command, string word)
    {
        if (word.StartsWith('-')) return Fault($"{Name(command)} has no option {word}", Near(word, Options(command)));
        return command.Subcommands.Count > 0
            ? Fault($"{Name(command)} has no verb {word}", Near(word, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)))
            : Fault($"{Name(command)}: one word too many: {word}", null);
    }

    private static string? Near(string word, IEnumerable<string> known) => Nearest.Of(word, known) is { } near ? $"did you mean {near}?" : null;

    private static IEnumerable<string> Options(Command command) => command.Options.Concat(command.Parents.OfType<Command>().SelectMany(c => c.Options.Where(o => o.Recursive))).Select(o => o.Name);

    // A root command is called as the program's file is, which may be any.
    private static string Name(Command command) => command is RootCommand ? Program : command.Name;

    private static string Path(CommandResult result) => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : Program;

    private static string Program => typeof(CommandLineFaults).Assembly.GetName().Name!;

    private static string Line(string text) => string.Join(' ', text.Split((char[])['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private static Diagnostic Fault(string message, string? hint) => new(Code, Severity.Error, message, Location.None, hint);
}
