using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Engine.Metrics.Otlp;

/// <summary>
/// Exports snapshots to a collector by OTLP/HTTP with protobuf. Counters are cumulative: an export that fails is not repeated, the next one makes up for it.
/// Connections are made from the network namespace of the process.
/// </summary>
public sealed class OtlpExporter : IDisposable
{
    private const int MostAnswer = 64 * 1024; // bytes; an answer has one message at most

    private readonly OtlpOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <param name="options">Where to.</param>
    /// <param name="clock">Time.</param>
    /// <exception cref="IOException">The file of authorities cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificates.</exception>
    public OtlpExporter(OtlpOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        // Redirects are not followed: headers may hold keys.
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = Trust(options.Certificate) }) { Timeout = options.Timeout, MaxResponseContentBufferSize = MostAnswer };
        foreach (var (name, value) in options.Headers) _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("weft", "1"));
    }

    /// <summary>Exports until it is stopped, once at each interval; a collector that asks for time gets it.</summary>
    /// <param name="snapshot">Takes the figures.</param>
    /// <param name="failed">Told what went wrong with an export.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task<MetricsSnapshot>> snapshot, Action<string> failed, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var (fault, after) = await ExportAsync(await snapshot(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
                if (fault is not null) failed(fault);
                await Task.Delay(after is { } wait && wait > _options.Interval ? wait : _options.Interval, _clock, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // asked to end
        }
    }

    /// <summary>Exports a snapshot.</summary>
    /// <returns>What went wrong, null when nothing did; and how long the collector asks to be left alone.</returns>
    public async Task<(string? Fault, TimeSpan? RetryAfter)> ExportAsync(MetricsSnapshot snapshot, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = Content(OtlpMetrics.Request(snapshot, _options.Resource)) };
            using var response = await _http.SendAsync(request, stop).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return (Words($"{(int)response.StatusCode} {response.ReasonPhrase}"), RetryAfter(response));
            var refused = OtlpMetrics.Refused(await response.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
            return (refused is null ? null : Words(refused), null);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return (Words(e is TaskCanceledException ? $"no answer within {_options.Timeout.TotalSeconds:0.#} s" : e.Message), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // The address without what may be a password in it.
    private string Words(string why) => $"export metrics to {_options.Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.Unescaped)}: {why}";

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow(),
        _ => null,
    };

    private ByteArrayContent Content(ReadOnlyMemory<byte> body)
    {
        var content = new ByteArrayContent(_options.Gzip ? Compress(body.Span) : body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (_options.Gzip) content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(body);
        return compressed.ToArray();
    }

    private static SslClientAuthenticationOptions Trust(string? authorities)
    {
        if (authorities is null) return new();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.ImportFromPemFile(authorities);
        if (policy.CustomTrustStore.Count == 0) throw new IOException($"{authorities} holds no certificates");
        return new() { CertificateChainPolicy = policy };
    }
}
