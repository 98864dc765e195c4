using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import;

/// <summary>Takes the findings about one network of the source, or about its files (no network).</summary>
/// <param name="title">How the source calls it: "network default"; "" for the files.</param>
internal sealed class Notes(string title)
{
    private const int Most = 10_000;
    private readonly List<Diagnostic> _items = [];
    private bool _full;

    /// <summary>All, in the order found; no more than a reader has use for.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>The source's own program would refuse it, or Weft cannot make it.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>A value that the source's own program refuses.</summary>
    public void Bad(Location at, string message, string? hint = null) => Add(ImportCodes.Value, Severity.Error, at, message, hint);

    /// <summary>Something that must be there is missing.</summary>
    public void Missing(Location at, string message, string? hint = null) => Add(ImportCodes.Missing, Severity.Error, at, message, hint);

    /// <summary>Two things that the source's own program does not take together.</summary>
    public void Conflict(Location at, string message, string? hint = null) => Add(ImportCodes.Conflict, Severity.Error, at, message, hint);

    /// <summary>The network cannot be made by Weft.</summary>
    public void LeftOut(Location at, string message, string? hint) => Add(ImportCodes.LeftOut, Severity.Error, at, message, hint);

    /// <summary>Something that Weft has no counterpart for.</summary>
    public void Lost(Location at, string message, string? hint) => Add(ImportCodes.NoCounterpart, Severity.Warning, at, message, hint);

    /// <summary>Taken over, but it does not mean quite the same.</summary>
    public void Changed(Location at, string message, string? hint) => Add(ImportCodes.Changed, Severity.Warning, at, message, hint);

    /// <summary>Something that Weft does not know.</summary>
    public void Unknown(Location at, string message, string? hint) => Add(ImportCodes.Unknown, Severity.Warning, at, message, hint);

    /// <summary>Another file that was not read.</summary>
    public void NotFollowed(Location at, string message, string? hint) => Add(ImportCodes.NotFollowed, Severity.Warning, at, message, hint);

    /// <summary>Worth knowing.</summary>
    public void Say(Location at, string message, string? hint = null) => Add(ImportCodes.Note, Severity.Info, at, message, hint);

    /// <summary>It has another name now.</summary>
    public void Renamed(Location at, string message, string? hint = null) => Add(ImportCodes.Renamed, Severity.Info, at, message, hint);

    /// <summary>Adds a finding under the source's name for what it is about.</summary>
    public void Add(string code, Severity severity, Location at, string message, string? hint) => Add(new Diagnostic(code, severity, title.Length > 0 ? $"{title}: {message}" : message, at, hint));

    /// <summary>Adds a finding as it is; past the limit one last warning says so. That there are errors is known in any case.</summary>
    public void Add(Diagnostic d)
    {
        HasErrors |= d.Severity == Severity.Error;
        if (_items.Count < (d.Severity == Severity.Error ? 2 * Most : Most)) _items.Add(d);
        else if (!_full) _items.Add(new Diagnostic(ImportCodes.Limits, Severity.Warning, $"more than {Most} findings; the rest is not shown", d.Location, "is it the right file?"));
        else return;
        _full |= _items.Count > Most;
    }

    /// <summary>Text of the source for a message.</summary>
    public static string Q(string text) => $"'{Quote.Short(text)}'";
}
