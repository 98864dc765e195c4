using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Import.Libvirt;

/// <summary>An element ip: the host's address, and what DHCP gives out around it.</summary>
/// <param name="Address">The host's own address with the length of its network.</param>
/// <param name="At">Where it stands.</param>
internal sealed record Ip(IpPrefix Address, Location At)
{
    /// <summary>Addresses given to anybody.</summary>
    public List<AddressRange> Ranges { get; } = [];
    /// <summary>Machines with an address of their own.</summary>
    public List<DhcpHost> Hosts { get; } = [];
    /// <summary>Lease times in seconds, 0 for endless, with their places; those of ranges.</summary>
    public List<(long Seconds, Location At)> Leases { get; } = [];

    /// <summary>libvirt runs a DHCP server for it.</summary>
    public bool Serves => Ranges.Count > 0 || Hosts.Count > 0;
}

/// <summary>A machine that DHCP knows.</summary>
internal sealed record DhcpHost(Location At, IPAddress Address, MacAddress? Mac, string? Name, string? Id)
{
    /// <summary>A lease time of its own, in seconds, 0 for endless.</summary>
    public (long Seconds, Location At)? Lease { get; init; }
}

/// <summary>Reads the elements ip (virNetworkIPDefParseXML of libvirt).</summary>
internal static class IpReader
{
    /// <summary>All of the network that can be read.</summary>
    public static List<Ip> Read(XmlElement network, Notes notes)
    {
        var all = new List<Ip>();
        foreach (var e in network.All("ip")) if (One(e, notes) is { } ip) all.Add(ip);
        foreach (var family in all.GroupBy(i => i.Address.IsV4))
            if (family.Where(i => i.Serves).Skip(1).FirstOrDefault() is { } second)
                notes.Conflict(second.At, $"a second <dhcp> of {Facts.Family(family.Key)}", "libvirt serves one IPv4 and one IPv6 address of a network");
        return all;
    }

    private static Ip? One(XmlElement e, Notes notes)
    {
        if (Address(e, notes) is not { } address) return null;
        var ip = new Ip(address, e.At);
        if (e.YesNo("localPtr", notes) == true) notes.Changed(e.Place("localPtr"), "localPtr: requests for names of unknown addresses of the network are not kept from the upstream servers", null);
        if (e.Child("dhcp") is { } dhcp) DhcpReader.Read(dhcp, ip, notes);
        if (e.Child("tftp") is { } tftp)
        {
            if (!address.IsV4) notes.Conflict(tftp.At, "<tftp> stands in an IPv6 <ip>");
            notes.Lost(tftp.SeeAll().At, "<tftp>: Weft has no TFTP server", "run one on the host, or elsewhere on the network");
        }
        return ip;
    }

    private static IpPrefix? Address(XmlElement e, Notes notes)
    {
        var family = e["family"];
        var (address, mask, prefix) = (e.RequiredAddress("address", notes), e.Address("netmask", notes), e.Number("prefix", 128, notes));
        if (family is not (null or "ipv4" or "ipv6")) notes.Bad(e.Place("family"), $"<ip family>: {Notes.Q(family)} is neither ipv4 nor ipv6");
        if (address is null) return null;
        if (address.IsV4() != (family is null or "ipv4"))
        {
            notes.Bad(e.Place("address"), $"<ip>: {address} is no address of family {family ?? "ipv4"}", address.IsV4() ? null : "libvirt wants family='ipv6' with an IPv6 address");
            return null;
        }
        return Length(e, address, mask, prefix, notes) is { } length ? new IpPrefix(address, length) : null;
    }

    private static int? Length(XmlElement e, IPAddress address, IPAddress? mask, long? prefix, Notes notes)
    {
        var v4 = address.IsV4();
        if (mask is not null && (!v4 || !mask.IsV4())) { notes.Bad(e.Place("netmask"), $"<ip netmask>: {mask} does not go with {address}", v4 ? null : "IPv6 takes a prefix"); return null; }
        if (mask is not null && prefix > 0) { notes.Conflict(e.Place("netmask"), "<ip> has both prefix and netmask", "give one"); return null; }
        if (prefix > (v4 ? 32 : 128)) { notes.Bad(e.Place("prefix"), $"<ip prefix>: {prefix} is too long for {Facts.Family(v4)}"); return null; }
        if (mask is not null)
        {
            if (SourceText.MaskLength(mask) is { } ones) return ones;
            notes.Bad(e.Place("netmask"), $"<ip netmask>: {mask} is no netmask");
            return null;
        }
        return prefix is > 0 ? (int)prefix : v4 ? ClassLength(address) : 64;
    }

    // What libvirt takes when neither is given (virSocketAddrGetIPPrefix): the classes of RFC 791, and /64.
    private static int ClassLength(IPAddress a) => a.GetAddressBytes()[0] switch { < 128 => 8, < 192 => 16, _ => 24 };
}
