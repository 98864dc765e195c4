using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>The status that goes with what was refused.</summary>
internal static class ProblemStatus
{
    // What is asked for is not there; what stands in its way passes.
    private static readonly HashSet<string> NotFound = ["WEFT2010", "WEFT4002", "WEFT4003", "WEFT4020"], Conflict = ["WEFT4022", "WEFT4024", "WEFT4025"];

    internal static int Of(Document document) => document switch
    {
        ChangeDocument { Outcome: "changed" } => StatusCodes.Status409Conflict,
        ChangeDocument { Outcome: "undone" } => StatusCodes.Status500InternalServerError,
        _ when document.Diagnostics.Any(d => Conflict.Contains(d.Code)) => StatusCodes.Status409Conflict,
        _ when document.Diagnostics.Any(d => NotFound.Contains(d.Code)) => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
