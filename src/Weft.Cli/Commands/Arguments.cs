using System.CommandLine;
using System.Globalization;
using Weft.Cli.Completion;

namespace Weft.Cli.Commands;

/// <summary>Arguments and options that several verbs take.</summary>
internal static class Arguments
{
    internal static Argument<string?> File() => new("file") { Description = $"The project's file; - reads standard input; {SpecFile.Usual} where none is named", Arity = ArgumentArity.ZeroOrOne, HelpName = "file", CompletionSources = { Names.Fixed(Names.Files) } };

    internal static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    internal static Option<string?> Project(GlobalOptions global) =>
        new("--project") { Description = "The project, where the rest does not tell", HelpName = "NAME", CompletionSources = { Names.Projects(global) } };

    internal static Argument<string?> OnlyProject(GlobalOptions global) =>
        new("project") { Description = "Only this project", Arity = ArgumentArity.ZeroOrOne, HelpName = "project", CompletionSources = { Names.Projects(global) } };

    /// <summary>"60s", "2m", "90": how long.</summary>
    internal static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = r =>
        {
            var text = r.Tokens[0].Value;
            if (Parse(text) is { } time) return time;
            r.AddError($"{name} {text}: a time is a number with s, m or h: 60s, 2m");
            return null;
        },
    };

    /// <summary>A number of 1 or more.</summary>
    internal static T? Number<T>(System.CommandLine.Parsing.ArgumentResult result, string what) where T : struct, System.Numerics.IBinaryInteger<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > T.Zero) return n;
        result.AddError($"{text}: {what} is a number of 1 or more");
        return null;
    }

    private static TimeSpan? Parse(string text)
    {
        var unit = text.Length > 0 && char.IsAsciiLetterLower(text[^1]) ? text[^1] : ' ';
        if (!int.TryParse(unit == ' ' ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n is 0 or > 86400) return null;
        return unit switch { 's' or ' ' => TimeSpan.FromSeconds(n), 'm' => TimeSpan.FromMinutes(n), 'h' => TimeSpan.FromHours(n), _ => null };
    }
}
