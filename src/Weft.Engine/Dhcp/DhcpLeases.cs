using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Core.Model;

namespace Weft.Engine.Dhcp;

/// <summary>A lease that dnsmasq has given.</summary>
/// <param name="Address">The address; IPv4 or IPv6.</param>
/// <param name="Expires">When it ends; null when never.</param>
/// <param name="Mac">The machine's MAC; for IPv6 as far as its DUID tells it (RFC 8415 section 11.2, 11.4).</param>
/// <param name="ClientId">Client identifier or DUID in hexadecimal; "" when the client sent none.</param>
/// <param name="Name">Without domain; "" when it has none.</param>
/// <param name="Link">The link that it was given on; "" when none is served that its subnet fits.</param>
/// <param name="Network">The network of that link.</param>
public sealed record DhcpLease(IPAddress Address, DateTimeOffset? Expires, MacAddress? Mac, string ClientId, string Name, string Link = "", string Network = "")
{
    /// <summary>IPv6: the client's number for the address (RFC 8415 section 4.2).</summary>
    public uint Iaid { get; init; }
}

/// <summary>The leases that dnsmasq has given, from its lease file, which is written anew with every change.</summary>
public static class DhcpLeases
{
    /// <summary>Reads them. Lines that are no leases are passed over: the file is dnsmasq's.</summary>
    /// <exception cref="IOException">The file cannot be read; an absent one means no leases.</exception>
    public static ImmutableArray<DhcpLease> Read(DhcpPaths paths)
    {
        if (!File.Exists(paths.Leases)) return [];
        var manifest = new Manifest(paths.Manifest);
        var scopes = manifest.Links.Select(manifest.ReadScope).OfType<Core.Resources.DhcpScopeResource>().SelectMany(s => s.Ranges.Select(r => (r.Subnet, Scope: s))).ToList();
        return [.. Lines(paths.Leases).Select(Parse).OfType<DhcpLease>().Select(lease =>
            scopes.Find(s => s.Subnet.Contains(lease.Address)).Scope is { } scope ? lease with { Link = scope.Link, Network = scope.Network } : lease)];
    }

    /// <summary>The lines of a lease file. dnsmasq empties it and writes it anew: only what was read twice alike is whole.</summary>
    internal static string[] Lines(string path)
    {
        var text = File.ReadAllText(path);
        while (File.ReadAllText(path) is var again && again != text) text = again;
        return text.Split('\n');
    }

    /// <summary>Reads one line: expiry, MAC (IPv4) or IAID (IPv6), address, name or *, client identifier or DUID or *.</summary>
    /// <returns>Null when it is no lease: the line of the server's own DUID, or garbage.</returns>
    public static DhcpLease? Parse(string line)
    {
        if (line.Split(' ') is not [var expiry, var identity, var address, var name, var client, ..]) return null;
        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return null;
        if (!IpPrefix.TryParseAddress(address, out var ip)) return null;
        var id = client == "*" ? "" : client;
        var mac = new IpPrefix(ip, 0).IsV4 ? MacAddress.TryParse(identity, out var m) ? m : (MacAddress?)null : OfDuid(id);
        _ = uint.TryParse(identity, NumberStyles.None, CultureInfo.InvariantCulture, out var iaid);
        return new(ip, seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds), mac, id, name == "*" ? "" : name) { Iaid = iaid };
    }

    /// <summary>The server's own DUID; empty when it has none yet.</summary>
    internal static byte[] ServerDuid(string path) =>
        Lines(path).FirstOrDefault(l => l.StartsWith("duid ", StringComparison.Ordinal)) is { } line ? LeaseRelease.Hex(line[5..].TrimEnd()) : [];

    // DUID-LLT is 1, hardware type 1 (Ethernet), four bytes of time, MAC; DUID-LL is 3, 1, MAC.
    private static MacAddress? OfDuid(string duid)
    {
        var at = duid.StartsWith("00:01:00:01:", StringComparison.Ordinal) ? 24 : duid.StartsWith("00:03:00:01:", StringComparison.Ordinal) ? 12 : -1;
        return at >= 0 && duid.Length > at && MacAddress.TryParse(duid[at..], out var mac) ? mac : null;
    }
}
