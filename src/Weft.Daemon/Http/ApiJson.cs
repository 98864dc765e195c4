using System.Text.Json.Serialization;
using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>What only the API has, as JSON; the rest is in <see cref="DocumentJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 16)]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(PortBody))]
[JsonSerializable(typeof(ProgressDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Which program answers.</summary>
/// <param name="Version">Of Weft.</param>
/// <param name="Api">Of the API; a path's first part.</param>
internal sealed record VersionDocument(string Version, string Api);

/// <summary>A port that is wanted.</summary>
/// <param name="Machine">The machine; also its DNS name.</param>
/// <param name="Network">The network.</param>
/// <param name="Project">Its project; left out when the network's name tells.</param>
/// <param name="Mac">Its MAC; one of Weft's when left out.</param>
/// <param name="Addresses">Its addresses; free ones when left out.</param>
internal sealed record PortBody(string Machine, string Network, string? Project = null, string? Mac = null, string[]? Addresses = null);

/// <summary>How far a change is.</summary>
/// <param name="Done">Steps carried out.</param>
/// <param name="Total">All steps.</param>
/// <param name="Step">The one in work.</param>
internal sealed record ProgressDocument(int Done, int Total, string Step);
