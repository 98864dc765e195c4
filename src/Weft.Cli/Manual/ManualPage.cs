using System.CommandLine;
using System.Text;

namespace Weft.Manual;

/// <summary>
/// The manual page of a command in Markdown, as lowdown(1) makes a man(7) page of it: all that --help says, from the same objects. A command with
/// verbs of its own has them on its page, but for the program itself, whose verbs have pages of their own.
/// </summary>
/// <param name="program">The program's name.</param>
/// <param name="root">The program.</param>
/// <param name="more">Sections that follow the options on the program's page.</param>
/// <param name="section">Section of the manual: 1 or 8.</param>
internal sealed class ManualPage(string program, RootCommand root, string more, int section = 1)
{
    // weft, weft-apply
    private string Name(Command command) => command == root ? program : $"{program}-{command.Name}";

    private IEnumerable<Command> Commands => [root, .. Visible(root)];

    /// <summary>Writes all pages.</summary>
    /// <param name="folder">Where to.</param>
    internal void WriteAll(DirectoryInfo folder)
    {
        foreach (var c in Commands) File.WriteAllText(Path.Combine(folder.FullName, $"{Name(c)}.{section}.md"), Write(c));
    }

    /// <summary>The page's text.</summary>
    internal string Write(Command command)
    {
        var text = new StringBuilder($"# NAME\n\n{Name(command)} - {FirstLetterSmall(Text(command.Description))}\n\n# SYNOPSIS\n\n");
        if (command == root) text.Append($"**{program}**{(Visible(root).Any() ? " *VERB*" : "")} [*options*]\n\n");
        else Synopsis(text, command, $"{program} {command.Name}");
        if (command != root) Details(text, command, "# ");
        else Items(text, "# VERBS", Visible(root).Select(c => ($"**{Name(c)}**({section})", Text(c.Description))));
        Items(text, command == root ? "# OPTIONS" : "# OPTIONS OF EVERY VERB", Options(root).Select(Item));
        return text.Append(command == root ? more : SeeAlso(command)).ToString();
    }

    private static void Synopsis(StringBuilder text, Command command, string path)
    {
        var verbs = Visible(command).ToList();
        foreach (var verb in verbs) Synopsis(text, verb, $"{path} {verb.Name}");
        if (verbs.Count == 0) text.Append($"**{path}**{string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => " " + Placed(a)))} [*options*]\n\n");
    }

    private static void Details(StringBuilder text, Command command, string level)
    {
        Items(text, $"{level}ARGUMENTS", command.Arguments.Where(a => !a.Hidden).Select(a => ($"*{Text(Label(a))}*", Text(a.Description))));
        Items(text, $"{level}OPTIONS", Options(command).Select(Item));
        foreach (var verb in Visible(command))
        {
            text.Append($"# {verb.Name}\n\n{Text(verb.Description)}\n\n");
            Details(text, verb, "## ");
        }
    }

    private static void Items(StringBuilder text, string title, IEnumerable<(string Term, string Meaning)> items)
    {
        var all = items.ToList();
        if (all.Count == 0) return;
        text.Append($"{title}\n\n");
        foreach (var (term, meaning) in all) text.Append($"{term}\n: {meaning}\n\n");
    }

    // --help goes by /h too, which is of another system.
    private static (string Term, string Meaning) Item(Option option) =>
        (string.Join(", ", option.Aliases.Where(a => a[0] == '-').Prepend(option.Name).OrderBy(n => n.Length).Select(n => $"**{Text(n)}**")) + (option.HelpName is { } value ? $" *{Text(value)}*" : ""),
            Text(option.Description) + (option.Required ? " (required)" : ""));

    private string SeeAlso(Command command) =>
        $"# SEE ALSO\n\n{string.Join(", ", Commands.Where(c => c != command).Select(c => $"**{Name(c)}**({section})").Append("**weft.yaml**(5)"))}\n";

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(c => !c.Hidden);

    private static IEnumerable<Option> Options(Command command) => command.Options.Where(o => !o.Hidden);

    private static string Placed(Argument argument) => argument.Arity.MinimumNumberOfValues > 0 ? $"*{Text(Label(argument))}*" : $"[*{Text(Label(argument))}*]";

    private static string Label(Argument argument) => argument.HelpName ?? argument.Name;

    // Signs that Markdown would take for its own.
    private static string Text(string? text) => string.Concat((text ?? "").Select(c => c is '*' or '_' or '<' or '>' or '[' or ']' or '\\' or '`' or '|' ? $"\\{c}" : c.ToString()));

    // Of a sentence, but not of a name.
    private static string FirstLetterSmall(string text) => text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.') : text.TrimEnd('.');
}
