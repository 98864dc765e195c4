using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>Why a request was not carried out (RFC 9457), with the same diagnostics as the command line has.</summary>
/// <param name="Type">A URI that names the kind of problem: "about:blank", whose title is that of the status (section 4.2.1).</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What is wrong here.</param>
/// <param name="Diagnostics">All that is wrong.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, ImmutableArray<DiagnosticDocument> Diagnostics)
{
    /// <summary>What a change that was not made left behind.</summary>
    [JsonPropertyName("change")]
    public ChangeDocument? Change { get; init; }

    /// <summary>A problem without diagnostics of its own.</summary>
    internal static Problem Of(int status, string detail) => new("about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, []);

    /// <summary>The problem that a document tells of.</summary>
    internal static Problem Of(int status, Document document) =>
        Of(status, document.Diagnostics.FirstOrDefault(d => d.Severity == "error")?.Message ?? "it was refused") with { Diagnostics = document.Diagnostics, Change = document as ChangeDocument };
}

/// <summary>A request that cannot be carried out, and why.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    internal ProblemException(int status, string detail) : this(Problem.Of(status, detail)) { }

    internal Problem Problem => problem;
}
