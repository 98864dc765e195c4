using System.Buffers;
using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Cli.Remote;
using Weft.Cli.Rendering;
using Weft.Engine;
using Weft.Engine.Metrics;

namespace Weft.Cli.Commands;

/// <summary>weft metrics: all figures in Prometheus' text format, for node_exporter's textfile collector.</summary>
internal static class MetricsCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file, whole or not at all, for node_exporter's textfile collector", HelpName = "FILE", CompletionSources = { Names.Fixed(Names.Files) } };
        var open = new Option<bool>("--openmetrics") { Description = "Print OpenMetrics 1.0 instead of Prometheus' text format" };
        return new Command("metrics", "Print all figures for Prometheus") { output, open }.Asks(global, c => Run(c, c.Get(output), c.Get(open)), here: c => c.Screen.Json);
    }

    private static int Run(VerbContext context, string? file, bool open)
    {
        if (context.Daemon is { } daemon) return Ask(daemon, file, open);
        using var engine = WeftEngine.ToLook(context.Engine);
        var snapshot = engine.Metrics();
        var text = new ArrayBufferWriter<byte>();
        Exposition.Write(snapshot, open ? ExpositionFormat.OpenMetrics : ExpositionFormat.Prometheus, text);
        foreach (var source in snapshot.Sources.Where(s => s.Fault is not null)) context.Engine.Warn($"no figures of {source.Name}: {source.Fault}");
        if (file is not null) SafeFile.Write(file, text.WrittenSpan); // read by a collector without privileges, whenever it likes
        if (context.Screen.Json) return Json.Print(true, [], ExitCode.Ok, w => Document(w, snapshot));
        if (file is null) StandardStreams.Write(text.WrittenSpan);
        return ExitCode.Ok;
    }

    private static int Ask(DaemonClient daemon, string? file, bool open)
    {
        using var stream = daemon.Open("/metrics", open ? "application/openmetrics-text" : "text/plain");
        using var text = new MemoryStream();
        stream.CopyTo(text);
        if (file is not null) SafeFile.Write(file, text.ToArray());
        else StandardStreams.Write(text.ToArray());
        return ExitCode.Ok;
    }

    private static void Document(System.Text.Json.Utf8JsonWriter w, MetricsSnapshot snapshot) =>
        Json.Objects(w, "metrics", MetricCatalog.Of(snapshot).SelectMany(f => f.Samples, (f, s) => (f.Metric, Sample: s)), m =>
        {
            w.WriteString("name", m.Metric.SeriesName);
            w.WriteStartObject("labels");
            foreach (var (name, value) in m.Sample.Labels.Names.Zip(m.Sample.Labels.Values)) w.WriteString(name, value);
            w.WriteEndObject();
            w.WriteNumber("value", m.Sample.Value);
        });
}
