using System.Text.Json.Serialization;
using Weft.Core.Resources;

namespace Weft.Engine.Documents;

/// <summary>Documents as JSON: members in camelCase, what is null left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, UseStringEnumConverter = true, RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(IpAddressConverter), typeof(IpPrefixConverter), typeof(MacAddressConverter)])]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(ChangeDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(ShowDocument))]
[JsonSerializable(typeof(PortsDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(ProjectsDocument))]
public sealed partial class DocumentJson : JsonSerializerContext;
