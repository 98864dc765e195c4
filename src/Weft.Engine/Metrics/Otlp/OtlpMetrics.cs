using System.Collections.Immutable;
using System.Text;

namespace Weft.Engine.Metrics.Otlp;

/// <summary>
/// ExportMetricsServiceRequest and -Response of opentelemetry/proto/collector/metrics/v1. Written by hand because the SDK keeps a place for every series that
/// ever was and gives none back: on a host where machines come and go it would be full after some weeks.
/// </summary>
internal static class OtlpMetrics
{
    private const ulong CUMULATIVE = 2; // AGGREGATION_TEMPORALITY_CUMULATIVE

    /// <summary>A snapshot as a request.</summary>
    internal static ReadOnlyMemory<byte> Request(MetricsSnapshot snapshot, IReadOnlyDictionary<string, string> resource)
    {
        var w = new ProtobufWriter();
        w.Message(1, () => // resource_metrics
        {
            w.Message(1, () => Attributes(w, 1, resource)); // resource
            w.Message(2, () => // scope_metrics
            {
                w.Message(1, () => { w.Text(1, "weft"); w.Text(2, snapshot.Version); }); // scope: name, version
                foreach (var family in MetricCatalog.Of(snapshot).Where(f => !f.Samples.IsEmpty)) w.Message(2, () => Metric(w, family, snapshot.At));
            });
        });
        return w.Written;
    }

    /// <summary>What a collector did not take though it answered well; null when it took all.</summary>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    internal static string? Refused(ReadOnlyMemory<byte> response)
    {
        foreach (var partial in ProtobufReader.Fields(response).Where(f => f.Number == 1)) // partial_success
        {
            var fields = ProtobufReader.Fields(partial.Bytes).ToList();
            var (points, message) = (fields.LastOrDefault(f => f.Number == 1).Value, Encoding.UTF8.GetString(fields.LastOrDefault(f => f.Number == 2).Bytes.Span));
            if (points > 0 || message.Length > 0) return $"{points} points were refused: {message}";
        }
        return null;
    }

    private static void Metric(ProtobufWriter w, MetricFamily family, DateTimeOffset at)
    {
        var m = family.Metric;
        w.Text(1, m.OtlpName);
        w.Text(2, m.Help);
        w.Text(3, m.OtlpUnit);
        w.Message(m.Kind == MetricKind.Counter ? 7 : 5, () => // sum or gauge
        {
            foreach (var s in family.Samples) w.Message(1, () => Point(w, s, at));
            if (m.Kind != MetricKind.Counter) return;
            w.Number(2, CUMULATIVE);
            w.Number(3, 1); // is_monotonic
        });
    }

    // The kernel does not tell when its counters began: start_time_unix_nano is left out.
    private static void Point(ProtobufWriter w, Sample s, DateTimeOffset at)
    {
        w.Fixed64(3, (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick); // time_unix_nano
        w.Double(4, s.Value);
        for (var i = 0; i < s.Labels.Names.Length; i++) Attribute(w, 7, s.Labels.Names[i], s.Labels.Values[i]);
    }

    private static void Attributes(ProtobufWriter w, int field, IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes) Attribute(w, field, name, value);
    }

    private static void Attribute(ProtobufWriter w, int field, string name, string value) => w.Message(field, () =>
    {
        w.Text(1, name);
        w.Message(2, () => w.Text(1, value)); // AnyValue, string_value
    });
}
