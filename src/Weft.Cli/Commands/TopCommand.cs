using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Weft.Cli.Rendering;
using Weft.Cli.Top;
using Weft.Engine;
using Weft.Engine.Metrics;

namespace Weft.Cli.Commands;

/// <summary>weft top: what flows through networks and ports, again and again.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(1);

    internal static Command Build(GlobalOptions global)
    {
        var once = new Option<bool>("--once") { Description = "Measure once, print, and end; --json does so by itself" };
        var interval = Arguments.Duration("--interval", "Time between two looks; 1s where nothing is said");
        return new Command("top", "Show what flows through networks and ports; q ends, s sorts, arrows move") { once, interval }
            .Does(global, c => Run(c, c.Get(once), c.Get(interval) ?? s_usual));
    }

    private static int Run(VerbContext context, bool once, TimeSpan interval)
    {
        using var engine = WeftEngine.ToLook(context.Engine);
        using var stop = new Interruption();
        if (once || context.Screen.Json) return Once(context, engine, interval, stop.Token);
        if (Console.IsOutputRedirected) throw new IOException("top: standard output is no terminal; use --once, or --json");
        Live(context, engine, interval, stop.Token);
        return ExitCode.Ok;
    }

    private static int Once(VerbContext context, WeftEngine engine, TimeSpan interval, CancellationToken stop)
    {
        var meter = new Meter(engine);
        stop.WaitHandle.WaitOne(interval); // what is to be measured: the traffic of that time
        var (rates, _) = meter.Next();
        if (context.Screen.Json)
            return Json.Print(true, [], ExitCode.Ok, w =>
            {
                Json.Objects(w, "networks", rates.Networks, r => Write(w, r));
                Json.Objects(w, "ports", rates.Ports, r => Write(w, r));
            });
        foreach (var view in new[] { new TopView { Networks = true }, new TopView() })
        {
            foreach (var line in view.Table(view.Sorted(rates), new Paint(context.Screen.Colour && !Console.IsOutputRedirected))) Console.Out.WriteLine(line);
            if (view.Networks) Console.Out.WriteLine();
        }
        return ExitCode.Ok;
    }

    private static void Live(VerbContext context, WeftEngine engine, TimeSpan interval, CancellationToken stop)
    {
        using var terminal = new TopTerminal();
        var (meter, paint) = (new Meter(engine), new Paint(context.Screen.Colour));
        var (rates, at) = meter.Still;
        try
        {
            for (var view = new TopView(); ;)
            {
                view = view.Within(rates, TopTerminal.Height);
                TopTerminal.Draw(view.Lines(rates, at, TopTerminal.Height, paint));
                if (!terminal.Wait(interval - meter.Since, stop, out var key)) (rates, at) = meter.Next();
                else if (key is { } pressed)
                {
                    if (view.After(pressed, TopTerminal.Height) is not { } next) return;
                    view = next;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // interrupted: the terminal is put back, and that is all
        }
    }

    private static void Write(Utf8JsonWriter w, Rate r)
    {
        w.WriteString("project", r.Project);
        w.WriteString("network", r.Network);
        if (r.Machine.Length > 0) w.WriteString("machine", r.Machine);
        w.WriteString("link", r.Link);
        w.WriteString("state", r.State);
        w.WriteNumber("receiveBitsPerSecond", r.Receive);
        w.WriteNumber("transmitBitsPerSecond", r.Transmit);
        w.WriteNumber("packetsPerSecond", r.Packets);
        w.WriteNumber("dropsPerSecond", r.Drops);
    }

    /// <summary>Looks at the host, and compares with the last look.</summary>
    private sealed class Meter(WeftEngine engine)
    {
        private long _at = Stopwatch.GetTimestamp();
        private MetricsSnapshot _last = engine.Metrics();

        internal TimeSpan Since => Stopwatch.GetElapsedTime(_at);

        /// <summary>What is there, before anything was measured.</summary>
        internal (Rates Rates, DateTimeOffset At) Still => (Rates.Between(_last, _last, s_usual), _last.At);

        internal (Rates Rates, DateTimeOffset At) Next()
        {
            var (before, now) = (_at, Stopwatch.GetTimestamp());
            var snapshot = engine.Metrics();
            var rates = Rates.Between(_last, snapshot, Stopwatch.GetElapsedTime(before, now));
            (_at, _last) = (now, snapshot);
            return (rates, snapshot.At);
        }
    }
}
