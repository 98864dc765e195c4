namespace Weft.Core.Diagnostics;

/// <summary>How bad a diagnostic is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,
    /// <summary>Works, but something may stop traffic or surprise.</summary>
    Warning,
    /// <summary>Nothing is done until it is mended.</summary>
    Error,
}

/// <summary>A place in a file; lines and columns count from 1, 0 means unknown.</summary>
public readonly record struct Location(string File, int Line, int Column)
{
    private readonly string? _file = File.Length == 0 ? null : File;

    /// <summary>No place in a file: the fault is the host's or the command line's.</summary>
    public static readonly Location None;

    /// <summary>Name of the file; "" for no place, also in what was never given one.</summary>
    public string File => _file ?? "";

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>One fault or warning, as people and machines see it.</summary>
/// <param name="Code">Stable code such as WEFT1004; docs/diagnostics.md lists them.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What is wrong, with the object's name.</param>
/// <param name="Location">Where in the file.</param>
/// <param name="Hint">What to do; null when the message says it.</param>
public sealed record Diagnostic(string Code, Severity Severity, string Message, Location Location, string? Hint = null)
{
    /// <summary>Code of the fault that a link which the file names is not there: the one that passes by itself, when the link comes.</summary>
    public const string MissingLink = "WEFT3001";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Location.File.Length > 0 ? Location + ": " : "")}{Severity.ToString().ToLowerInvariant()} {Code}: {Message}{(Hint is null ? "" : $" ({Hint})")}";
}

/// <summary>Collects every diagnostic of a run, so that all faults are told at once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>All so far, in the order found.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>True when at least one is an error.</summary>
    public bool HasErrors => _items.Exists(d => d.Severity == Severity.Error);

    /// <summary>Adds one.</summary>
    public void Add(Diagnostic d) => _items.Add(d);

    /// <summary>Adds an error.</summary>
    public void Error(string code, Location at, string message, string? hint = null) => Add(new(code, Severity.Error, message, at, hint));

    /// <summary>Adds a warning.</summary>
    public void Warn(string code, Location at, string message, string? hint = null) => Add(new(code, Severity.Warning, message, at, hint));
}
