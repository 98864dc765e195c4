using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Documents;

/// <summary>
/// What a verb answers to machines: the command line with --json, and the daemon. A member is always there: what there is none of is null, never "" or 0; a list
/// is always a list.
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

/// <summary>A document of what is, which may be in the middle of a change.</summary>
public interface ILook
{
    /// <summary>The change that waits to be confirmed, or is being made; null when there is none.</summary>
    OpenDocument? Open { get; }
}

/// <summary>A change that waits to be confirmed, or is being made, or was left half-done.</summary>
/// <param name="Project">Project.</param>
/// <param name="Verb">What is being done.</param>
/// <param name="At">When it began (UTC).</param>
/// <param name="Deadline">When it is taken back unless it is confirmed (UTC); null when it does not wait.</param>
public sealed record OpenDocument(string Project, string Verb, DateTimeOffset At, DateTimeOffset? Deadline)
{
    internal static OpenDocument? Of(Store.JournalRow? row) => row is null ? null : new(row.Change.Project, row.Change.Verb, row.At, row.Deadline);
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
