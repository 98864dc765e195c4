using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import;

/// <summary>A file of another program.</summary>
/// <param name="File">Its name for findings.</param>
/// <param name="Text">What is in it.</param>
public sealed record ImportSource(string File, string Text);

/// <summary>What was met on the way: a fault, something without a counterpart, a remark.</summary>
/// <param name="Network">The network it is about, by its name in the project; null where it is about none, or about one that was left out.</param>
/// <param name="Diagnostic">What, where, why, and what to do.</param>
public sealed record Finding(string? Network, Diagnostic Diagnostic);

/// <summary>A project made of another program's files. It is free of faults; what could not be taken over is in the findings, all of it.</summary>
public sealed record Imported(ProjectSpec Project, ImmutableArray<Finding> Findings)
{
    /// <summary>Whether something is wrong, or a network was left out.</summary>
    public bool HasErrors => Findings.Any(f => f.Diagnostic.Severity == Severity.Error);

    /// <summary>The project's file; every finding is a comment at the network it is about.</summary>
    public string Yaml() => SpecWriter.Write(Project, Comments);

    private IEnumerable<string> Comments(string? network)
    {
        if (network is null && Findings.Any(f => f.Network is null)) yield return "what could not be taken over as it was, or should be known:";
        foreach (var f in Findings.Where(f => f.Network == network)) yield return Comment(f.Diagnostic);
    }

    // One line each: a text of the source must not become a key of the file.
    private static string Comment(Diagnostic d) => Quote.Line($"{d}");
}
