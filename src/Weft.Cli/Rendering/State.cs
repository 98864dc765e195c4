using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>How states and numbers look.</summary>
internal static class State
{
    internal static string Colour(string state) => state switch
    {
        "up" => "[green]up[/]",
        "waiting" => "[blue]waiting[/]",
        _ => $"[red]{Markup.Escape(state)}[/]",
    };

    /// <summary>Bytes in a unit that fits: 12 kB, 3 MB; nothing where nothing is counted.</summary>
    internal static string Bytes(ulong? bytes)
    {
        if (bytes is not { } n) return "";
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var (value, i) = ((double)n, 0);
        for (; value >= 1000 && i < units.Length - 1; i++) value /= 1000;
        return $"{value:0.#} {units[i]}";
    }
}
