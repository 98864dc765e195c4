using System.Buffers;
using System.Globalization;
using System.Text;

namespace Weft.Engine.Metrics;

/// <summary>Writes metrics as text for Prometheus (text format 0.0.4) and as OpenMetrics 1.0.0.</summary>
public static class Exposition
{
    /// <summary>Writes a snapshot.</summary>
    /// <param name="snapshot">The figures.</param>
    /// <param name="format">How.</param>
    /// <param name="output">Where to; UTF-8.</param>
    public static void Write(MetricsSnapshot snapshot, ExpositionFormat format, IBufferWriter<byte> output) => Write(MetricCatalog.Of(snapshot), format, output);

    /// <summary>Writes families; those without series are left out.</summary>
    public static void Write(IEnumerable<MetricFamily> families, ExpositionFormat format, IBufferWriter<byte> output)
    {
        foreach (var family in families.Where(f => !f.Samples.IsEmpty))
        {
            Head(family.Metric, format.IsOpenMetrics, output);
            foreach (var s in family.Samples) Put(output, $"{family.Metric.SeriesName}{s.Labels.Text} {Number(s.Value)}\n");
        }
        if (format.IsOpenMetrics) Put(output, "# EOF\n");
    }

    // In OpenMetrics a family has no ending of its kind, and the kind "info" of its own.
    private static void Head(Metric m, bool open, IBufferWriter<byte> output)
    {
        var name = open ? m.Name : m.SeriesName;
        Put(output, $"# HELP {name} {Help(m.Help, open)}\n");
        Put(output, $"# TYPE {name} {m.Kind switch { MetricKind.Counter => "counter", MetricKind.Info when open => "info", _ => "gauge" }}\n");
        if (open && m.Unit.Length > 0) Put(output, $"# UNIT {name} {m.Unit}\n");
    }

    private static string Help(string text, bool open)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return open ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture), // NaN is NaN in all of them
    };

    private static void Put(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
