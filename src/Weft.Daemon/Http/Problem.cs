using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>Makes problems (RFC 9457).</summary>
internal static class Problem
{
    /// <summary>A problem without diagnostics of its own.</summary>
    internal static ProblemDocument Of(int status, string detail) => new("about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, []);

    /// <summary>Nothing of the API: no such path, or none with that method (the header Allow is set then; RFC 9110, section 15.5.6).</summary>
    internal static ProblemDocument OfRouting(HttpContext http) => Of(http.Response.StatusCode, http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? $"{http.Request.Path} takes {http.Response.Headers.Allow}, not {http.Request.Method}"
        : $"there is no {http.Request.Path}: /v1/openapi.json lists what there is");

    /// <summary>The problem that a document tells of.</summary>
    internal static ProblemDocument Of(int status, Document document) =>
        Of(status, document.Diagnostics.FirstOrDefault(d => d.Severity == "error")?.Message ?? "it was refused") with { Diagnostics = document.Diagnostics, Change = document as ChangeDocument };
}

/// <summary>A request that cannot be carried out, and why.</summary>
internal sealed class ProblemException(ProblemDocument problem) : Exception(problem.Detail)
{
    internal ProblemException(int status, string detail) : this(Http.Problem.Of(status, detail)) { }

    internal ProblemDocument Problem => problem;
}
