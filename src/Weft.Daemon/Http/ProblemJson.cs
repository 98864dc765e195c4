using System.Text.Json.Serialization;
using Weft.Core.Resources;

namespace Weft.Daemon.Http;

/// <summary>Problems as JSON. They hold documents, whose members need the converters of those.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    Converters = [typeof(IpAddressConverter), typeof(IpPrefixConverter), typeof(MacAddressConverter)])]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
