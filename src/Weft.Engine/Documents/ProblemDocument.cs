using System.Collections.Immutable;

namespace Weft.Engine.Documents;

/// <summary>Why a request was not carried out (RFC 9457), with the same diagnostics as the command line has.</summary>
/// <param name="Type">A URI that names the kind of problem: "about:blank", whose title is that of the status (section 4.2.1).</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What is wrong here.</param>
/// <param name="Diagnostics">All that is wrong.</param>
/// <param name="Change">What a change that was not made left behind; null when none was begun.</param>
public sealed record ProblemDocument(string Type, string Title, int Status, string Detail, ImmutableArray<DiagnosticDocument> Diagnostics, ChangeDocument? Change = null);

/// <summary>How far a change is.</summary>
/// <param name="Done">Steps carried out.</param>
/// <param name="Total">All steps.</param>
/// <param name="Step">The one in work.</param>
public sealed record ProgressDocument(int Done, int Total, string Step)
{
    /// <summary>When all steps are through: the round of questions that its probes are at, from 1; else 0.</summary>
    public int Round { get; init; }
}

/// <summary>Whether a change waits to be confirmed.</summary>
public sealed record PendingDocument : Document, ILook
{
    /// <inheritdoc/>
    public OpenDocument? Open { get; init; }
}

/// <summary>A port that is wanted.</summary>
/// <param name="Machine">The machine; also its DNS name.</param>
/// <param name="Network">The network.</param>
/// <param name="Project">Its project; left out when the network's name tells.</param>
/// <param name="Mac">Its MAC; one of Weft's when left out.</param>
/// <param name="Addresses">Its addresses; free ones when left out.</param>
public sealed record PortBody(string Machine, string Network, string? Project = null, string? Mac = null, ImmutableArray<string>? Addresses = null);
