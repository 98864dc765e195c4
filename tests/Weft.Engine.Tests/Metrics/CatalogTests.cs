using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.Engine.Metrics;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Engine.Tests.Metrics;

/// <summary>What the pages and the dashboard say of metrics is what there is.</summary>
public sealed partial class CatalogTests
{
    private static readonly string[] s_series = [.. MetricCatalog.All.Select(m => m.SeriesName)];

    [Fact]
    public void Names_follow_the_conventions() => Assert.All(MetricCatalog.All, m =>
    {
        Assert.Matches("^weft_[a-z]+(_[a-z]+)*$", m.Name);
        Assert.DoesNotMatch("_(total|info|count|sum|bucket|created)$", m.Name);
        Assert.Equal(m.Unit, m.Name.Split('_')[^1] is "bytes" or "seconds" ? m.Name.Split('_')[^1] : "");
        Assert.EndsWith(".", m.Help, StringComparison.Ordinal);
    });

    [Fact]
    public void No_name_is_there_twice() => Assert.Equal(s_series.Distinct(), s_series);

    [Fact]
    public void Names_for_OpenTelemetry_lead_back_to_the_same_for_Prometheus() => Assert.All(MetricCatalog.All, m =>
    {
        var unit = m.OtlpUnit switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        Assert.Equal(m.SeriesName, m.OtlpName.Replace('.', '_') + unit + (m.Kind == MetricKind.Counter ? "_total" : ""));
    });

    [Fact]
    public void The_page_explains_every_metric_as_the_program_does_and_no_other() =>
        Assert.Equal(MetricCatalog.All.Select(m => $"| `{m.SeriesName}` | {string.Join(", ", m.Labels)} | {(m.Unit.Length > 0 ? m.Unit : "-")} | {m.Help} |"),
            File.ReadLines(RepoFiles.Path("docs", "monitoring.md")).Where(l => l.StartsWith("| `weft_", StringComparison.Ordinal)));

    [Fact]
    public void The_dashboard_asks_for_metrics_that_there_are()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(RepoFiles.Path("packaging", "grafana", "weft.json")));
        var queries = Strings(dashboard.RootElement).SelectMany(s => Name().Matches(s)).Select(m => m.Value).Distinct().ToList();
        Assert.True(queries.Count > 10, "the dashboard shows next to nothing");
        Assert.Empty(queries.Except(s_series));
    }

    [Fact]
    public void The_alerts_ask_for_metrics_that_there_are() =>
        Assert.Empty(Name().Matches(File.ReadAllText(RepoFiles.Path("docs", "monitoring.md"))).Select(m => m.Value).Except(s_series));

    private static IEnumerable<string> Strings(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => e.EnumerateObject().SelectMany(p => Strings(p.Value)),
        JsonValueKind.Array => e.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [e.GetString()!],
        _ => [],
    };

    [GeneratedRegex(@"\bweft_[a-z_]+")]
    private static partial Regex Name();
}
