using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;

namespace Weft.Core.Resources;

/// <summary>
/// Resources, steps, plans and what planning reads, as JSON: for the journal, the store, --json, and the cases of tests. Addresses, networks
/// and MACs are text; a resource says its kind.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, UseStringEnumConverter = true, WriteIndented = false, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(IpAddressConverter), typeof(IpPrefixConverter), typeof(MacAddressConverter)])]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(ImmutableArray<Resource>))]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(ImmutableArray<Step>))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(ImmutableArray<Diagnostic>))]
[JsonSerializable(typeof(HostModel))]
[JsonSerializable(typeof(AllocationState))]
public sealed partial class ResourceJson : JsonSerializerContext
{
    /// <summary>A resource as one line.</summary>
    public static string Write(Resource resource) => JsonSerializer.Serialize(resource, Default.Resource);

    /// <summary>Reads what <see cref="Write(Resource)"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no resource.</exception>
    public static Resource ReadResource(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Default.Resource) ?? throw new JsonException("a resource cannot be null");
        }
        catch (NotSupportedException e) // without a kind
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>A step as one line.</summary>
    public static string Write(Step step) => JsonSerializer.Serialize(step, Default.Step);

    /// <summary>Reads what <see cref="Write(Step)"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no step.</exception>
    public static Step ReadStep(string text) => JsonSerializer.Deserialize(text, Default.Step) ?? throw new JsonException("a step cannot be null");
}
