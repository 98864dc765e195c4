using System.Text;
using CsCheck;
using Weft.Engine.Metrics;
using Weft.Engine.Metrics.Otlp;
using Xunit;

namespace Weft.Engine.Tests.Metrics;

public sealed class OtlpTests
{
    private static OtlpOptions? Read(out string[] faults, params (string Name, string Value)[] environment)
    {
        var options = OtlpOptions.Read(name => environment.FirstOrDefault(e => e.Name == name).Value, out var found);
        faults = [.. found];
        return options;
    }

    private static OtlpOptions To(FakeCollector collector) => Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret%2C1,other=2"))!;

    private static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;

    [Fact]
    public void Every_series_is_exported_as_it_is() => SnapshotGen.Any.Sample(snapshot =>
    {
        var expected = MetricCatalog.Of(snapshot).SelectMany(f => f.Samples, (f, s) => $"{f.Metric.OtlpName} {f.Metric.OtlpUnit} {f.Metric.Kind == MetricKind.Counter} {Valid(string.Join('\0', s.Labels.Names.Zip(s.Labels.Values)))} {BitConverter.DoubleToUInt64Bits(s.Value)}");
        Assert.Equal(expected, Points(OtlpMetrics.Request(snapshot, s_resource)));
    }, iter: 200);

    private static readonly Dictionary<string, string> s_resource = new() { ["service.name"] = "weft" };

    [Fact]
    public void Any_answer_is_read_or_refused() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            _ = OtlpMetrics.Refused(bytes);
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("no protobuf: ", e.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void The_environment_says_where_to()
    {
        Assert.Null(Read(out var faults));
        Assert.Empty(faults);
        Assert.Equal("http://c:4318/v1/metrics", Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/"))!.Endpoint.ToString());
        Assert.Equal("https://m/x", Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://m/x"))!.Endpoint.ToString());
        Assert.Null(Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_SDK_DISABLED", "true")));
        Assert.Null(Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_METRICS_EXPORTER", "none")));
        var all = Read(out _, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"), ("OTEL_METRIC_EXPORT_INTERVAL", "1500"), ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
            ("OTEL_RESOURCE_ATTRIBUTES", "host.name=kvm1,service.name=x"), ("OTEL_SERVICE_NAME", "weft-1"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"))!;
        Assert.Equal((500, 1500, true), (all.Timeout.TotalMilliseconds, all.Interval.TotalMilliseconds, all.Gzip));
        Assert.Equal([("host.name", "kvm1"), ("service.name", "weft-1")], all.Resource.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public void All_faults_of_the_environment_are_told_at_once_and_no_secret()
    {
        Assert.Null(Read(out var faults, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"), ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "zip"), ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")));
        Assert.Equal(5, faults.Length);
        Assert.All(faults, f => Assert.StartsWith("OTEL_EXPORTER_OTLP_", f, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, f => f.Contains("secret", StringComparison.Ordinal));
        Assert.Null(Read(out faults, ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")));
        Assert.Single(faults);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_collector_gets_a_request_that_it_understands(bool gzip)
    {
        using var collector = new FakeCollector("200 OK", []);
        using var exporter = new OtlpExporter(To(collector) with { Gzip = gzip }, TimeProvider.System);
        Assert.Equal((null, null), await exporter.ExportAsync(new(DateTimeOffset.UnixEpoch), s_stop));
        var request = await collector.RequestAsync(s_stop);
        Assert.StartsWith("POST /v1/metrics HTTP/1.1", request.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/x-protobuf", request.Head, StringComparison.Ordinal);
        Assert.Contains("api-key: secret,1", request.Head, StringComparison.Ordinal);
        Assert.Contains(Points(request.Body), p => p.StartsWith("weft.build.info ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_collector_does_not_take_is_told()
    {
        var w = new ProtobufWriter();
        w.Message(1, () => { w.Number(1, 3); w.Text(2, "too old"); });
        Assert.EndsWith("3 points were refused: too old", await Fault("200 OK", w.Written.ToArray()), StringComparison.Ordinal);
        Assert.EndsWith("v1/metrics: 400 Bad Request", await Fault("400 Bad Request", []), StringComparison.Ordinal);
        Assert.EndsWith("no protobuf: wire type 7", await Fault("200 OK", [15]), StringComparison.Ordinal);
        using var closed = new FakeCollector("200 OK", []);
        closed.Dispose();
        using var exporter = new OtlpExporter(To(closed), TimeProvider.System);
        Assert.Contains("refused", (await exporter.ExportAsync(new(DateTimeOffset.UnixEpoch), s_stop)).Fault, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_collector_that_asks_for_time_gets_it()
    {
        using var collector = new FakeCollector("503 Busy\r\nRetry-After: 120", []);
        using var exporter = new OtlpExporter(To(collector), TimeProvider.System);
        Assert.Equal(TimeSpan.FromMinutes(2), (await exporter.ExportAsync(new(DateTimeOffset.UnixEpoch), s_stop)).RetryAfter);
    }

    [Fact]
    public async Task It_goes_on_after_a_fault_until_it_is_stopped()
    {
        using var collector = new FakeCollector("500 No", []);
        using var exporter = new OtlpExporter(To(collector) with { Interval = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(s_stop);
        var faults = new List<string>();
        await exporter.RunAsync(_ => Task.FromResult(new MetricsSnapshot(DateTimeOffset.UnixEpoch)), f =>
        {
            faults.Add(f);
            if (faults.Count == 3) stop.Cancel();
        }, stop.Token);
        Assert.Equal(3, faults.Count);
    }

    private static async Task<string?> Fault(string status, byte[] body)
    {
        using var collector = new FakeCollector(status, body);
        using var exporter = new OtlpExporter(To(collector), TimeProvider.System);
        return (await exporter.ExportAsync(new(DateTimeOffset.UnixEpoch), s_stop)).Fault;
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    // As opentelemetry/proto/metrics/v1/metrics.proto numbers them.
    private static IEnumerable<string> Points(ReadOnlyMemory<byte> request) =>
        from resource in Inner(request, 1) from scope in Inner(resource, 2) from metric in Inner(scope, 2)
        let sum = Inner(metric, 7).ToList()
        from data in sum.Concat(Inner(metric, 5)) from point in Inner(data, 1)
        let labels = Inner(point, 7).Select(a => (Text(a, 1), Inner(a, 2).Select(v => Text(v, 1)).Single()))
        select $"{Text(metric, 1)} {Text(metric, 3)} {sum.Count == 1 && Number(data, 2) == 2 && Number(data, 3) == 1} {string.Join('\0', labels)} {Number(point, 4)}";

    private static IEnumerable<ReadOnlyMemory<byte>> Inner(ReadOnlyMemory<byte> message, int field) => ProtobufReader.Fields(message).Where(f => f.Number == field).Select(f => f.Bytes);

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Inner(message, field).FirstOrDefault().Span);

    private static ulong Number(ReadOnlyMemory<byte> message, int field) => ProtobufReader.Fields(message).Single(f => f.Number == field).Value;
}
