using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Engine.Metrics.Otlp;

/// <summary>Where and how metrics are exported, as OpenTelemetry's specification names the variables of the environment.</summary>
/// <param name="Endpoint">The collector's address for metrics.</param>
public sealed record OtlpOptions(Uri Endpoint)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>More headers, as an API key; never logged.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>How long one export may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10); // the specification's default
    /// <summary>Time between exports.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60); // the specification's default
    /// <summary>Requests are compressed with gzip.</summary>
    public bool Gzip { get; init; }
    /// <summary>File of the authorities that vouch for the collector; null for the system's.</summary>
    public string? Certificate { get; init; }
    /// <summary>What all metrics say of where they come from: service.name and what the environment adds.</summary>
    public ImmutableSortedDictionary<string, string> Resource { get; init; } = ImmutableSortedDictionary<string, string>.Empty.Add("service.name", "weft");

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">The value of a variable; null or "" when it is not set.</param>
    /// <param name="faults">What is wrong with it, a line each; then nothing is exported.</param>
    /// <returns>Null when the environment names no collector, or switches the export off, or has faults.</returns>
    public static OtlpOptions? Read(Func<string, string?> variable, out ImmutableArray<string> faults)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var options = IsOff(variable) ? null : Collector(variable, found) is { } endpoint ? Read(variable, endpoint, found) : null;
        faults = found.ToImmutable();
        return faults.IsEmpty ? options : null;
    }

    private static bool IsOff(Func<string, string?> variable) =>
        "true".Equals(variable("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase) || variable("OTEL_METRICS_EXPORTER") is not (null or "" or "otlp");

    // That of metrics is taken as it is; the common one gets the path of metrics.
    private static Uri? Collector(Func<string, string?> variable, ImmutableArray<string>.Builder faults)
    {
        var (own, common) = (variable(Prefix + "METRICS_ENDPOINT"), variable(Prefix + "ENDPOINT"));
        var (name, text) = own is { Length: > 0 } ? ("METRICS_ENDPOINT", own) : ("ENDPOINT", common is { Length: > 0 } ? common.TrimEnd('/') + "/v1/metrics" : null);
        if (text is null) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        faults.Add($"{Prefix}{name}: it is an address such as http://collector:4318");
        return null;
    }

    private static OtlpOptions Read(Func<string, string?> variable, Uri endpoint, ImmutableArray<string>.Builder faults)
    {
        string? Exporter(string name) => variable($"{Prefix}METRICS_{name}") is { Length: > 0 } own ? own : variable(Prefix + name) is { Length: > 0 } common ? common : null;
        if (Exporter("PROTOCOL") is not (null or "http/protobuf")) faults.Add($"{Prefix}PROTOCOL: weft exports by http/protobuf only");
        if (variable($"{Prefix}METRICS_TEMPORALITY_PREFERENCE") is { Length: > 0 } t && !t.Equals("cumulative", StringComparison.OrdinalIgnoreCase)) faults.Add($"{Prefix}METRICS_TEMPORALITY_PREFERENCE: weft's counters are cumulative");
        if (Exporter("COMPRESSION") is not (null or "none" or "gzip")) faults.Add($"{Prefix}COMPRESSION: it is gzip or none");
        var usual = new OtlpOptions(endpoint);
        return usual with
        {
            Headers = ImmutableDictionary.CreateRange(Pairs(Exporter("HEADERS"), Prefix + "HEADERS", faults)),
            Timeout = Time(Exporter("TIMEOUT"), Prefix + "TIMEOUT", usual.Timeout, faults),
            Interval = Time(variable("OTEL_METRIC_EXPORT_INTERVAL"), "OTEL_METRIC_EXPORT_INTERVAL", usual.Interval, faults),
            Gzip = Exporter("COMPRESSION") == "gzip",
            Certificate = Exporter("CERTIFICATE"),
            Resource = Resources(variable, usual.Resource, faults),
        };
    }

    private static ImmutableSortedDictionary<string, string> Resources(Func<string, string?> variable, ImmutableSortedDictionary<string, string> usual, ImmutableArray<string>.Builder faults)
    {
        var all = usual.SetItems(Pairs(variable("OTEL_RESOURCE_ATTRIBUTES"), "OTEL_RESOURCE_ATTRIBUTES", faults));
        return variable("OTEL_SERVICE_NAME") is { Length: > 0 } name ? all.SetItem("service.name", name) : all;
    }

    // "key=value,key=value", percent-encoded (W3C Baggage). A value may be a secret: faults do not repeat it.
    private static Dictionary<string, string> Pairs(string? text, string name, ImmutableArray<string>.Builder faults)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (pair.IndexOf('=') is > 0 and var at) pairs[Uri.UnescapeDataString(pair[..at].Trim())] = Uri.UnescapeDataString(pair[(at + 1)..].Trim());
            else faults.Add($"{name}: a list of key=value, with commas between");
        return pairs;
    }

    private static TimeSpan Time(string? text, string name, TimeSpan usual, ImmutableArray<string>.Builder faults)
    {
        if (text is null or "") return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms > 0) return TimeSpan.FromMilliseconds(ms);
        faults.Add($"{name}: a number of milliseconds");
        return usual;
    }
}
