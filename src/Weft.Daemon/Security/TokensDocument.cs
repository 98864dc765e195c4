using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Engine.Documents;

namespace Weft.Daemon.Security;

/// <summary>The tokens there are.</summary>
internal sealed record TokensDocument : Document
{
    /// <summary>The tokens, without what opens them.</summary>
    public required ImmutableArray<TokenDocument> Tokens { get; init; }

    internal static TokensDocument Of(TokenStore store) => new()
    {
        Ok = true,
        Diagnostics = [],
        Tokens = [.. store.All.Select(t => new TokenDocument(t.Name, t.Role.ToString().ToLowerInvariant(), t.Projects, t.Created, t.Expires, store.HasEnded(t)))],
    };
}

/// <summary>A token.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Projects">Only these projects; null for all.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends (UTC).</param>
/// <param name="Ended">It opens nothing any more.</param>
internal sealed record TokenDocument(string Name, string Role, ImmutableArray<string>? Projects, DateTimeOffset Created, DateTimeOffset Expires, bool Ended);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(TokensDocument))]
internal sealed partial class TokensJson : JsonSerializerContext;
