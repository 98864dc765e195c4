using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Where a verb prints: people's text to standard output, faults to standard error; colours only on a terminal.</summary>
internal sealed class Screen
{
    private readonly bool _colour;

    internal Screen(bool json, bool noColor, bool verbose)
    {
        Json = json;
        Verbose = verbose;
        _colour = !noColor && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        Out = Make(Console.Out, Console.IsOutputRedirected);
        Err = Make(Console.Error, Console.IsErrorRedirected);
    }

    /// <summary>Colours are wanted where something shows them.</summary>
    internal bool Colour => _colour;

    /// <summary>Standard error takes control sequences.</summary>
    internal bool Ansi => _colour && !Console.IsErrorRedirected;

    internal bool Json { get; }
    internal bool Verbose { get; }
    internal IAnsiConsole Out { get; }
    internal IAnsiConsole Err { get; }

    /// <summary>A person is there to answer a question.</summary>
    internal bool Interactive => !Json && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    private IAnsiConsole Make(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected || !_colour ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected || !_colour ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (redirected) console.Profile.Width = 8192; // lines for other programs are not folded
        return console;
    }
}
