using System.Collections.Immutable;

namespace Weft.Engine.Metrics;

/// <summary>Metrics that are told of the same objects, with the same labels.</summary>
internal interface IMetricTable
{
    /// <summary>The metrics.</summary>
    IEnumerable<Metric> Metrics { get; }

    /// <summary>The metrics with their series.</summary>
    IEnumerable<MetricFamily> Read(MetricsSnapshot snapshot);
}

/// <summary>One kind of object: where it is in a snapshot, what tells one from another, and what is told of each.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="labels">Names of the labels.</param>
/// <param name="rows">The objects of a snapshot.</param>
/// <param name="values">A value for each label.</param>
internal sealed class MetricTable<T>(ImmutableArray<string> labels, Func<MetricsSnapshot, IEnumerable<T>> rows, Func<T, ImmutableArray<string>> values) : IMetricTable
{
    private readonly List<(Metric Metric, Func<T, double?> Value)> _columns = [];

    public IEnumerable<Metric> Metrics => _columns.Select(c => c.Metric);

    /// <summary>Adds a counter. Where its value is null, there is no series.</summary>
    internal MetricTable<T> Counter(string name, string unit, string help, Func<T, double?> value) => Add(name, MetricKind.Counter, unit, help, value);

    /// <summary>Adds a gauge. Where its value is null, there is no series.</summary>
    internal MetricTable<T> Gauge(string name, string unit, string help, Func<T, double?> value) => Add(name, MetricKind.Gauge, unit, help, value);

    /// <summary>Adds one that tells by its labels.</summary>
    internal MetricTable<T> Info(string name, string help) => Add(name, MetricKind.Info, "", help, _ => 1);

    // A series that is there twice makes Prometheus refuse all of them.
    public IEnumerable<MetricFamily> Read(MetricsSnapshot snapshot)
    {
        var objects = rows(snapshot).Select(r => (Row: r, Labels: new LabelSet(labels, values(r)))).DistinctBy(r => r.Labels.Text).ToList();
        foreach (var (metric, value) in _columns)
            yield return new(metric, [.. objects.Select(o => (o.Labels, Value: value(o.Row))).Where(s => s.Value is not null).Select(s => new Sample(s.Labels, s.Value!.Value))]);
    }

    private MetricTable<T> Add(string name, MetricKind kind, string unit, string help, Func<T, double?> value)
    {
        _columns.Add((new(name, kind, unit, help, labels), value));
        return this;
    }
}
