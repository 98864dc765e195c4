using System.Buffers;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads the element dhcp (virNetworkDHCPDefParseXML of libvirt).</summary>
internal static class DhcpReader
{
    private const int SmallestLease = 120;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF:");

    /// <summary>Puts ranges, hosts and lease times into the address it belongs to.</summary>
    public static void Read(XmlElement dhcp, Ip ip, Notes notes)
    {
        foreach (var e in dhcp.All("range")) Range(e, ip, notes);
        foreach (var e in dhcp.All("host")) if (Host(e, ip, notes) is { } host) ip.Hosts.Add(host);
        foreach (var e in dhcp.All("bootp"))
        {
            e.Address("server", notes);
            notes.Lost(e.SeeAll().At, "<bootp>: Weft's DHCP server names no boot file", "boot from a disk image, or serve PXE from elsewhere");
        }
    }

    private static void Range(XmlElement e, Ip ip, Notes notes)
    {
        var (first, last, lease) = (e.RequiredAddress("start", notes), e.RequiredAddress("end", notes), Lease(e, notes));
        if (lease is { } l) ip.Leases.Add(l);
        if (first is null || last is null) return;
        if (Fault(first, last, ip.Address) is { } why) notes.Bad(e.At, $"<range>: {first} to {last} {why}");
        else ip.Ranges.Add(new AddressRange(first, last));
    }

    private static string? Fault(IPAddress first, IPAddress last, IpPrefix network)
    {
        if (first.IsV4() != last.IsV4()) return "is of two families";
        if (!network.Contains(first) || !network.Contains(last)) return $"is not inside {network.Network}";
        var (a, b) = (IpPrefix.ToNumber(first), IpPrefix.ToNumber(last));
        if (b < a) return "is reversed";
        if (b - a > ushort.MaxValue || a >> 16 != b >> 16) return "is too large: libvirt wants both ends to differ in their last two bytes only";
        return network.IsV4 && (a == network.First || b == network.Last) ? "has the network or broadcast address in it" : null;
    }

    private static DhcpHost? Host(XmlElement e, Ip ip, Notes notes)
    {
        var (mac, id, name) = (Mac(e, ip, notes), e["id"], e["name"]);
        if (id?.AsSpan().ContainsAnyExcept(Hex) == true) notes.Bad(e.Place("id"), $"<host id>: {Notes.Q(id)} is no DUID in hex");
        if (name is not null && !char.IsAsciiLetterOrDigit(name[0])) notes.Bad(e.Place("name"), $"<host name>: {Notes.Q(name)} does not begin with a letter or digit");
        var known = ip.Address.IsV4 ? e["mac"] ?? name : id ?? name;
        if (known is null) notes.Missing(e.At, $"<host> needs {(ip.Address.IsV4 ? "mac" : "id")} or name");
        var lease = Lease(e, notes);
        return e.RequiredAddress("ip", notes) is { } address ? new DhcpHost(e.At, address, mac, name, id) { Lease = lease } : null;
    }

    private static MacAddress? Mac(XmlElement e, Ip ip, Notes notes)
    {
        if (e["mac"] is not { } text) return null;
        if (!ip.Address.IsV4) notes.Conflict(e.Place("mac"), "<host mac> stands in an IPv6 <ip>", "DHCPv6 knows machines by id or name");
        if (!SourceText.TryMac(text, out var mac)) notes.Bad(e.Place("mac"), $"<host mac>: {Notes.Q(text)} is no MAC address");
        else if (mac.IsMulticast) notes.Bad(e.Place("mac"), $"<host mac>: {mac} is a group address");
        return mac;
    }

    /// <summary>Seconds, 0 for endless.</summary>
    private static (long, Location)? Lease(XmlElement parent, Notes notes)
    {
        if (parent.Child("lease") is not { } e || e.Number("expiry", uint.MaxValue, notes) is not { } n) return null;
        long? unit = e["unit"] switch { null or "minutes" => 60, "seconds" => 1, "hours" => 3600, _ => null };
        if (unit is null) notes.Bad(e.Place("unit"), $"<lease unit>: {Notes.Q(e["unit"]!)} is none of seconds, minutes, hours");
        else if (n > 0 && n * unit < SmallestLease) notes.Bad(e.At, "<lease>: shorter than two minutes");
        return (n * (unit ?? 0), e.At);
    }
}
