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
        var line = screen.Json && !targets.Contains("ssh") ? null : new Dots();
        var probe = new ConnectivityProbe(targets.Select(ProbeTarget.Parse)) { Stir = () => line?.Add() };
        return stop => Complaint(probe, line, stop) is { } complaint ? $"not everything is reachable any more: {complaint}" : null;
    }

    private static string? Complaint(ConnectivityProbe probe, Dots? line, CancellationToken stop)
    {
        try
        {
            return probe.Complaint(ConnectivityProbe.Patience, stop);
        }
        finally
        {
            line?.End();
        }
    }

    // One line, that grows by a dot a round: something must go to the client, or its connection would be silent, living or not. So also beside a JSON document.
    private sealed class Dots
    {
        private bool _begun;

        internal void Add()
        {
            Console.Error.Write(_begun ? "." : "probing .");
            _begun = true;
        }

        internal void End()
        {
            if (_begun) Console.Error.WriteLine();
            _begun = false;
        }
    }
}
