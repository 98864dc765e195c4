using System.Text.Json.Serialization;
using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>What only the API has, as JSON; the rest is in <see cref="DocumentJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(PortBody))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Which program answers.</summary>
/// <param name="Version">Of Weft.</param>
/// <param name="Api">Of the API; a path's first part.</param>
internal sealed record VersionDocument(string Version, string Api);
