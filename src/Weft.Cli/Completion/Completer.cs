using System.CommandLine;
using System.CommandLine.Completions;

namespace Weft.Cli.Completion;

/// <summary>What may come next on a command line: verbs, values, and options once a '-' is there.</summary>
internal sealed class Completer(RootCommand root)
{
    private readonly List<Option> _given = [];
    private readonly List<Command> _path = [root];
    private Option? _open;
    private int _arguments;
    private bool _onlyWords;

    /// <summary>The candidates for the last of the words, which has been begun or is empty.</summary>
    /// <param name="words">What follows the program's name.</param>
    internal IEnumerable<CompletionItem> For(IReadOnlyList<string> words)
    {
        var (before, current) = (words.SkipLast(1).ToArray(), words.Count > 0 ? words[^1] : "");
        foreach (var word in before) Take(word);
        var context = root.Parse(before).GetCompletionContext();
        return Candidates(context, current).Where(c => c.Label.StartsWith(':') || c.Label.StartsWith(current, StringComparison.Ordinal));
    }

    private Command Command => _path[^1];

    private IEnumerable<Option> Options => _path.SelectMany(c => c.Options.Where(o => c == Command || o.Recursive)).Where(o => !o.Hidden);

    private void Take(string word)
    {
        if (_open is not null) _open = null;
        else if (word == "--") _onlyWords = true;
        else if (!_onlyWords && word.StartsWith('-')) TakeOption(word);
        else if (_arguments == 0 && Command.Subcommands.FirstOrDefault(c => c.Name == word) is { } verb) _path.Add(verb);
        else _arguments++;
    }

    private void TakeOption(string word)
    {
        if (Options.FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word)) is not { } option) return;
        _given.Add(option);
        if (TakesValue(option)) _open = option;
    }

    private IEnumerable<CompletionItem> Candidates(CompletionContext context, string current)
    {
        if (_open is not null) return _open.GetCompletions(context);
        if (_onlyWords) return [new CompletionItem(Names.Files)];
        if (current.StartsWith('-')) return OptionItems();
        CompletionItem[] next = [.. VerbItems(), .. Next?.GetCompletions(context) ?? []];
        return next.Length > 0 || Next is not null ? next : OptionItems();
    }

    private Argument? Next => _arguments < Command.Arguments.Count ? Command.Arguments[_arguments] : Command.Arguments.LastOrDefault(a => a.Arity.MaximumNumberOfValues > _arguments + 1);

    private IEnumerable<CompletionItem> VerbItems() =>
        _arguments > 0 ? [] : Command.Subcommands.Where(c => !c.Hidden).Select(c => new CompletionItem(c.Name, detail: c.Description));

    private IEnumerable<CompletionItem> OptionItems() =>
        Options.Where(o => !_given.Contains(o) || IsRepeated(o)).Select(o => new CompletionItem(o.Name, detail: o.Description)).OrderBy(i => i.Label, StringComparer.Ordinal);

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static bool IsRepeated(Option option) => option.Arity.MaximumNumberOfValues > 1;
}
