using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine.Confirm;

namespace Weft.Cli;

/// <summary>The targets of --probe: noted before the change, asked after it.</summary>
internal static class Probes
{
    /// <summary>A function that says what is not reachable any more; null where there is nothing to ask.</summary>
    /// <exception cref="ArgumentException">A target cannot be read.</exception>
    internal static Func<CancellationToken, string?>? Of(Screen screen, string[] targets)
    {
        if (targets.Length == 0) return null;
        var probe = new ConnectivityProbe(targets.Select(ProbeTarget.Parse)) { Stir = () => Stir(screen) };
        return stop => probe.Complaint(ConnectivityProbe.Patience, stop) is { } complaint ? $"not everything is reachable any more: {complaint}" : null;
    }

    // Something must go to the terminal: only then does a living connection acknowledge it.
    private static void Stir(Screen screen)
    {
        if (!screen.Json) screen.Err.WriteLine("probing ...");
    }
}
