using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Security;

namespace Weft.Daemon.Http;

/// <summary>One operation of the API: what the server maps, and what the OpenAPI document is made from.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Role">What the caller must at least be.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Handle">Does it.</param>
internal sealed record ApiEndpoint(string Method, string Path, Role Role, string Summary, Func<ApiCall, Task> Handle)
{
    /// <summary>Parameters of the path and the query.</summary>
    internal ImmutableArray<ApiParameter> Parameters { get; init; } = [];
    /// <summary>Type of the request's body; null when it has none, or is a file.</summary>
    internal JsonTypeInfo? Body { get; init; }
    /// <summary>The body is a project file, in YAML or JSON.</summary>
    internal bool TakesFile { get; init; }
    /// <summary>Type of the answer's body; null when it is no JSON.</summary>
    internal JsonTypeInfo? Result { get; init; }
    /// <summary>Media type of an answer that is no JSON.</summary>
    internal string? MediaType { get; init; }
}

/// <summary>A parameter of an operation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
/// <param name="Type">string, integer or boolean.</param>
internal sealed record ApiParameter(string Name, string Description, string Type = "string")
{
    /// <summary>It may be repeated.</summary>
    internal bool Many { get; init; }
}
