using System.Net;
using System.Text.Json;
using Weft.Core.Model;

namespace Weft.Core.Import.Adopt;

/// <summary>An address that libvirt's DHCP server has given to a machine.</summary>
/// <param name="Mac">The machine's MAC.</param>
/// <param name="Address">The address.</param>
/// <param name="Name">What the machine calls itself; null when it does not say.</param>
public sealed record GivenLease(MacAddress Mac, IPAddress Address, string? Name);

/// <summary>Reads the file in which libvirt's lease helper keeps leases: /var/lib/libvirt/dnsmasq/BRIDGE.status, a JSON array (src/util/virlease.c).</summary>
public static class LibvirtLeases
{
    /// <summary>The leases that have not ended. What is no lease is passed over: the file is libvirt's.</summary>
    /// <param name="text">The file's text; libvirt leaves it empty where nothing was given.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<GivenLease> Read(string text, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "[]" : text);
            return document.RootElement.ValueKind != JsonValueKind.Array ? [] : [.. document.RootElement.EnumerateArray().Select(e => Lease(e, now)).OfType<GivenLease>()];
        }
        catch (JsonException)
        {
            return []; // it is being written, or damaged: machines ask again
        }
    }

    private static GivenLease? Lease(JsonElement e, DateTimeOffset now)
    {
        if (e.ValueKind != JsonValueKind.Object || Text(e, "mac-address") is not { } mac || Text(e, "ip-address") is not { } address) return null;
        if (!MacAddress.TryParse(mac, out var m) || m.IsMulticast || !IpPrefix.TryParseAddress(address, out var ip)) return null;
        var ends = e.TryGetProperty("expiry-time", out var t) && t.ValueKind == JsonValueKind.Number && t.TryGetInt64(out var seconds) ? seconds : 0; // 0 is never
        return ends != 0 && ends < now.ToUnixTimeSeconds() ? null : new(m, ip, Text(e, "hostname"));
    }

    private static string? Text(JsonElement e, string key) => e.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
