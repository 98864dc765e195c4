using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Weft.Core.Resources;

namespace Weft.Engine.Documents;

/// <summary>A record of a step: a resource with the members of its kind.</summary>
/// <param name="Resource">The resource.</param>
[JsonConverter(typeof(RecordConverter))]
public sealed record RecordDocument(Resource Resource);

/// <summary>A step's records in documents: as the journal has them, but without texts that are empty.</summary>
internal sealed class RecordConverter : JsonConverter<RecordDocument>
{
    private const string Kind = "kind";

    /// <inheritdoc/>
    public override RecordDocument? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var record = JsonElement.ParseValue(ref reader);
        var members = JsonObject.Create(record) ?? throw new JsonException("a record is an object");
        foreach (var name in Texts(record)) members.TryAdd(name, "");
        return members.Deserialize(ResourceJson.Default.Resource) is { } resource ? new(resource) : null;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RecordDocument value, JsonSerializerOptions options)
    {
        using var record = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(value.Resource, ResourceJson.Default.Resource));
        writer.WriteStartObject();
        foreach (var member in record.RootElement.EnumerateObject().Where(m => m.Value is not { ValueKind: JsonValueKind.String } || !m.Value.ValueEquals(""))) member.WriteTo(writer);
        writer.WriteEndObject();
    }

    // The members of the record's kind that are texts, and never null.
    private static IEnumerable<string> Texts(JsonElement record)
    {
        var kind = record.TryGetProperty(Kind, out var k) && k.ValueKind == JsonValueKind.String ? k.GetString() : null;
        var type = ResourceJson.Default.Resource.PolymorphismOptions!.DerivedTypes.FirstOrDefault(d => d.TypeDiscriminator as string == kind).DerivedType ?? throw new JsonException($"there is no record of kind {kind}");
        return ResourceJson.Default.GetTypeInfo(type)!.Properties.Where(p => p.PropertyType == typeof(string) && !p.IsGetNullable).Select(p => p.Name);
    }
}
