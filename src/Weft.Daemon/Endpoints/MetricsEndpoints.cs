using System.Buffers;
using System.Collections.Immutable;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Engine.Metrics;

namespace Weft.Daemon.Endpoints;

/// <summary>The host's figures for Prometheus.</summary>
internal static class MetricsEndpoints
{
    internal static readonly ImmutableArray<ApiEndpoint> All =
    [
        new("GET", "/metrics", Role.Viewer, "All figures, in Prometheus' text format, or OpenMetrics where the client asks for that", Metrics) { MediaType = "text/plain" },
    ];

    private static async Task Metrics(ApiCall call)
    {
        var format = ExpositionFormat.Negotiate(call.Http.Request.Headers.Accept);
        var text = await call.Known($"metrics {format.IsOpenMetrics}", async () => Text(Sight.Of(call.Caller, await call.Figures()), format));
        await call.Answer(text, format.ContentType);
    }

    private static byte[] Text(MetricsSnapshot figures, ExpositionFormat format)
    {
        var text = new ArrayBufferWriter<byte>();
        Exposition.Write(figures, format, text);
        return text.WrittenSpan.ToArray();
    }
}
