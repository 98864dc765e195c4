using System.Buffers;
using System.Diagnostics;
using System.Text;
using CsCheck;
using Weft.Engine.Metrics;
using Xunit;

namespace Weft.Engine.Tests.Metrics;

public sealed class ExpositionTests
{
    private static string Text(MetricsSnapshot snapshot, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        Exposition.Write(snapshot, format, output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_written_is_what_a_reader_reads(bool open) => SnapshotGen.Any.Sample(snapshot =>
    {
        var expected = MetricCatalog.Of(snapshot).Where(f => !f.Samples.IsEmpty).ToList();
        var parsed = ReferenceParser.Parse(Text(snapshot, open ? ExpositionFormat.OpenMetrics : ExpositionFormat.Prometheus), open);
        Assert.Equal(expected.Select(f => open ? f.Metric.Name : f.Metric.SeriesName), parsed.Select(f => f.Name));
        foreach (var (family, read) in expected.Zip(parsed))
        {
            Assert.Equal(family.Metric.Help, read.Help);
            Assert.Equal(family.Samples.Select(s => s.Value), read.Series.Select(s => s.Value));
            Assert.Equal(family.Samples.Select(s => string.Join('\0', s.Labels.Values)), read.Series.Select(s => string.Join('\0', s.Labels.Select(l => l.Value))));
            Assert.All(read.Series, s => Assert.Equal(family.Metric.SeriesName, s.Name));
        }
    }, iter: 300);

    [Fact]
    public void No_series_is_there_twice() => SnapshotGen.Any.Sample(snapshot =>
    {
        var series = ReferenceParser.Parse(Text(snapshot, ExpositionFormat.Prometheus), false).SelectMany(f => f.Series).Select(s => $"{s.Name}\0{string.Join('\0', s.Labels)}").ToList();
        Assert.Equal(series.Distinct(), series);
    }, iter: 300);

    [Fact]
    public void Numbers_that_are_none_have_the_names_that_both_formats_know()
    {
        var metric = new Metric("weft_x", MetricKind.Gauge, "", "X.", []);
        var output = new ArrayBufferWriter<byte>();
        var none = new LabelSet([], []);
        Exposition.Write([new(metric, [new(none, double.NaN), new(none, double.PositiveInfinity), new(none, double.NegativeInfinity), new(none, 1e300)])], ExpositionFormat.Prometheus, output);
        Assert.Equal("# HELP weft_x X.\n# TYPE weft_x gauge\nweft_x NaN\nweft_x +Inf\nweft_x -Inf\nweft_x 1E+300\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Promtool_finds_nothing_to_say()
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed: apt-get install prometheus");
        SnapshotGen.Any.Sample(snapshot =>
        {
            using var check = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            check.StandardInput.Write(Text(snapshot, ExpositionFormat.Prometheus));
            check.StandardInput.Close();
            var said = check.StandardOutput.ReadToEnd() + check.StandardError.ReadToEnd();
            check.WaitForExit();
            Assert.True(check.ExitCode == 0, said);
        }, iter: 5, threads: 1); // a process each
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text; version=0.0.1, text/plain; q=0.1", false)]
    [InlineData("text/plain;version=0.0.4, application/openmetrics-text; q=0.5", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;q=many", false)]
    public void The_client_chooses_the_format(string? accept, bool open) => Assert.Equal(open, ExpositionFormat.Negotiate(accept).IsOpenMetrics);

    [Fact]
    public void Any_accept_header_gets_a_format() => Gen.String.Sample(accept => Assert.NotNull(ExpositionFormat.Negotiate(accept)));
}
