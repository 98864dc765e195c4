using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Model;

namespace Weft.Core.Resources;

/// <summary>An IP address as text.</summary>
public sealed class IpAddressConverter : JsonConverter<IPAddress>
{
    /// <inheritdoc/>
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpPrefix.TryParseAddress(reader.GetString(), out var a) ? a : throw new JsonException($"'{reader.GetString()}' is no IP address");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A network as text: "10.0.0.0/24".</summary>
public sealed class IpPrefixConverter : JsonConverter<IpPrefix>
{
    /// <inheritdoc/>
    public override IpPrefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpPrefix.TryParse(reader.GetString(), out var p) ? p : throw new JsonException($"'{reader.GetString()}' is no network");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpPrefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A MAC as text: "0a:00:00:00:00:01".</summary>
public sealed class MacAddressConverter : JsonConverter<MacAddress>
{
    /// <inheritdoc/>
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MacAddress.TryParse(reader.GetString(), out var m) ? m : throw new JsonException($"'{reader.GetString()}' is no MAC");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
