using System.Globalization;

namespace Weft.Engine.Metrics;

/// <summary>A format in which Prometheus and its like read metrics.</summary>
/// <param name="ContentType">As the answer's header names it.</param>
/// <param name="IsOpenMetrics">OpenMetrics 1.0.0 rather than Prometheus' text format 0.0.4.</param>
public sealed record ExpositionFormat(string ContentType, bool IsOpenMetrics)
{
    /// <summary>Prometheus' text format, which everything reads.</summary>
    public static readonly ExpositionFormat Prometheus = new("text/plain; version=0.0.4; charset=utf-8", false);

    /// <summary>OpenMetrics 1.0.0.</summary>
    public static readonly ExpositionFormat OpenMetrics = new("application/openmetrics-text; version=1.0.0; charset=utf-8", true);

    /// <summary>The format that a client asks for (RFC 9110 section 12.5.1): OpenMetrics where it likes it at least as well, else Prometheus' text.</summary>
    /// <param name="accept">The value of its Accept header; null when it sent none.</param>
    public static ExpositionFormat Negotiate(string? accept)
    {
        var (open, text) = (0.0, 0.0);
        foreach (var range in (accept ?? "").Split(','))
        {
            string[] parts = [.. range.Split(';').Select(p => p.Trim())];
            if (parts[0].Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && IsVersion1(parts)) open = Math.Max(open, Quality(parts));
            else if (parts[0] is "*/*" or "text/*" || parts[0].Equals("text/plain", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, Quality(parts));
        }
        return open > 0 && open >= text ? OpenMetrics : Prometheus;
    }

    private static bool IsVersion1(string[] parts) => Parameter(parts, "version") is null or "1.0.0";

    private static double Quality(string[] parts) => Parameter(parts, "q") is not { } q ? 1
        : double.TryParse(q, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : 0;

    private static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase)) is { } p ? p[(name.Length + 1)..].Trim('"') : null;
}
