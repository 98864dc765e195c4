using System.Collections.Immutable;

namespace Weft.Engine.Metrics;

/// <summary>What a metric's numbers do.</summary>
public enum MetricKind
{
    /// <summary>Only rises, until what is counted is made anew.</summary>
    Counter,
    /// <summary>Rises and falls.</summary>
    Gauge,
    /// <summary>Always 1: what is told is in the labels.</summary>
    Info,
}

/// <summary>A metric, named by Prometheus' conventions.</summary>
/// <param name="Name">Its name without the ending of its kind: weft_port_receive_bytes.</param>
/// <param name="Kind">What its numbers do.</param>
/// <param name="Unit">bytes, seconds; "" for a mere number. The name ends with it.</param>
/// <param name="Help">What it means, in a sentence.</param>
/// <param name="Labels">Names of the labels that every series of it has.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, string Help, ImmutableArray<string> Labels)
{
    /// <summary>The name that its series have, and that a query names: weft_port_receive_bytes_total, weft_build_info.</summary>
    public string SeriesName { get; } = Name + Kind switch { MetricKind.Counter => "_total", MetricKind.Info => "_info", _ => "" };

    /// <summary>Its name in OpenTelemetry, which keeps the unit apart: weft.port.receive.</summary>
    public string OtlpName { get; } = (Unit.Length > 0 ? Name[..^(Unit.Length + 1)] : Kind == MetricKind.Info ? Name + "_info" : Name).Replace('_', '.');

    /// <summary>Its unit as UCUM has it, which OpenTelemetry asks for.</summary>
    public string OtlpUnit => Unit switch { "bytes" => "By", "seconds" => "s", _ => "" };
}

/// <summary>A series' number.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">Its number.</param>
public readonly record struct Sample(LabelSet Labels, double Value);

/// <summary>A metric with its series at one moment.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Samples">Its series; no two have the same labels.</param>
public sealed record MetricFamily(Metric Metric, ImmutableArray<Sample> Samples);
