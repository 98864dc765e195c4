using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Documents;

/// <summary>
/// What a verb answers to machines: the command line with --json, and the daemon. A member that has nothing to say is left out; a list is always there.
/// </summary>
public record Document
{
    /// <summary>Nothing went wrong.</summary>
    [JsonPropertyOrder(-2)]
    public required bool Ok { get; init; }

    /// <summary>Faults, warnings and remarks.</summary>
    [JsonPropertyOrder(-1)]
    public required ImmutableArray<DiagnosticDocument> Diagnostics { get; init; }

    /// <summary>A document of faults alone.</summary>
    public static Document Refused(params IEnumerable<Diagnostic> faults) => new() { Ok = false, Diagnostics = DiagnosticDocument.Of(faults) };
}

/// <summary>A diagnostic, as machines see it.</summary>
/// <param name="Code">Stable code such as WEFT1004; docs/diagnostics.md lists them.</param>
/// <param name="Severity">error, warning or info.</param>
/// <param name="Message">What is wrong, with the object's name.</param>
/// <param name="File">The file; null when it is about none.</param>
/// <param name="Line">From 1; null when unknown.</param>
/// <param name="Column">From 1; null when unknown.</param>
/// <param name="Hint">What to do.</param>
public sealed record DiagnosticDocument(string Code, string Severity, string Message, string? File, int? Line, int? Column, string? Hint)
{
    /// <summary>Documents of diagnostics.</summary>
    public static ImmutableArray<DiagnosticDocument> Of(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Select(Of)];

    /// <summary>A diagnostic's document.</summary>
    public static DiagnosticDocument Of(Diagnostic d) => new(d.Code, d.Severity.ToString().ToLowerInvariant(), d.Message,
        Words.OrNull(d.Location.File), Known(d.Location.Line), Known(d.Location.Column), d.Hint);

    /// <summary>The diagnostic again, where it came from another host.</summary>
    public Diagnostic ToDiagnostic() => new(Code, Enum.TryParse<Severity>(Severity, ignoreCase: true, out var s) ? s : Core.Diagnostics.Severity.Error, Message, new(File ?? "", Line ?? 0, Column ?? 0), Hint);

    private static int? Known(int number) => number == 0 ? null : number;
}

internal static class Words
{
    /// <summary>An empty text says nothing.</summary>
    public static string? OrNull(string text) => text.Length == 0 ? null : text;
}
