using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Weft.Core.Resources;

namespace Weft.Engine.Store;

/// <summary>
/// Steps of the journal, in the form that <see cref="ResourceJson"/> gives them, and read as it reads them. They are written without what reading needs to
/// know of every kind of resource, which costs more than the writing of a thousand steps.
/// </summary>
internal sealed class JournalStepConverter : JsonConverter<Step>
{
    /// <inheritdoc/>
    public override Step? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, JournalJson.Default.Step);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Step value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        Write(writer, "before"u8, value.Before);
        Write(writer, "after"u8, value.After);
        writer.WriteString("why"u8, value.Why);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Resource? value)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        if (value is NftElementResource element) Write(writer, element);
        else
        {
            var (kind, type) = TypeOf(value);
            byte[] text = [.. "{\"kind\":\""u8, .. kind, .. "\","u8, .. JsonSerializer.SerializeToUtf8Bytes(value, type).AsSpan(1)];
            writer.WriteRawValue(text, skipInputValidation: true);
        }
    }

    private static void Write(Utf8JsonWriter writer, NftElementResource e)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "nftElement"u8);
        writer.WriteString("owner"u8, e.Owner);
        writer.WriteString("network"u8, e.Network);
        writer.WriteString("table"u8, e.Table);
        writer.WriteString("set"u8, e.Set);
        WriteArray(writer, "fields"u8, e.Fields.AsSpan());
        WriteArray(writer, "data"u8, e.Data.AsSpan());
        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var v in values) writer.WriteStringValue(v);
        writer.WriteEndArray();
    }

    private static (byte[] Kind, JsonTypeInfo Type) TypeOf(Resource r) => r switch
    {
        HostFileResource => ("hostFile"u8.ToArray(), JournalJson.Default.HostFileResource),
        NftTableResource => ("nftTable"u8.ToArray(), JournalJson.Default.NftTableResource),
        BridgeResource => ("bridge"u8.ToArray(), JournalJson.Default.BridgeResource),
        VlanResource => ("vlan"u8.ToArray(), JournalJson.Default.VlanResource),
        SysctlResource => ("sysctl"u8.ToArray(), JournalJson.Default.SysctlResource),
        AddressResource => ("address"u8.ToArray(), JournalJson.Default.AddressResource),
        RouteResource => ("route"u8.ToArray(), JournalJson.Default.RouteResource),
        TapResource => ("tap"u8.ToArray(), JournalJson.Default.TapResource),
        GuestLinkResource => ("guestLink"u8.ToArray(), JournalJson.Default.GuestLinkResource),
        FdbResource => ("fdb"u8.ToArray(), JournalJson.Default.FdbResource),
        UplinkResource => ("uplink"u8.ToArray(), JournalJson.Default.UplinkResource),
        LibvirtNetworkResource => ("libvirtNetwork"u8.ToArray(), JournalJson.Default.LibvirtNetworkResource),
        DhcpScopeResource => ("dhcpScope"u8.ToArray(), JournalJson.Default.DhcpScopeResource),
        DhcpHostResource => ("dhcpHost"u8.ToArray(), JournalJson.Default.DhcpHostResource),
        _ => throw new NotSupportedException($"the journal has no form for {r.GetType().Name}"),
    };
}

/// <summary>What <see cref="JournalStepConverter"/> reads and writes with. What a later version has added is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true, UseStringEnumConverter = true,
    Converters = [typeof(IpAddressConverter), typeof(IpPrefixConverter), typeof(MacAddressConverter)])]
[JsonSerializable(typeof(Step))]
internal sealed partial class JournalJson : JsonSerializerContext;
