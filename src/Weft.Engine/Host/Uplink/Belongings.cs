using System.Collections.Immutable;
using System.Net;

namespace Weft.Engine.Host.Uplink;

/// <summary>What is on a link and moves with it. What the kernel makes by itself for every link (link-local addresses, local table) is left out.</summary>
internal sealed record Belongings
{
    internal ImmutableArray<RtObject> Addresses { get; init; } = [];
    internal ImmutableArray<RtObject> Routes { get; init; } = [];
    internal ImmutableArray<RtObject> Neighbours { get; init; } = [];
    internal ImmutableArray<RtObject> Proxies { get; init; } = [];
    internal ImmutableArray<RtObject> Nexthops { get; init; } = [];

    internal static Belongings Read(RouteTalk talk, LinkState link) => new()
    {
        Addresses = [.. talk.Addresses(link.Index).Where(a => Moves(a, link.Mac))],
        Routes = [.. talk.Routes(link.Index).Where(Moves)],
        Neighbours = [.. talk.Neighbours(link.Index).Where(Known)],
        Proxies = [.. talk.Proxies(link.Index)],
        Nexthops = [.. talk.Nexthops(link.Index)],
    };

    /// <summary>An address moves unless it is one of Weft's for the network itself, or the link-local one that the kernel made.</summary>
    private static bool Moves(RtObject a, byte[] mac) =>
        a.Find(Ifa.PROTO) is not [Core.Resources.RouteResource.Protocol, ..]
        && (a.Address(Ifa.ADDRESS) is not { IsIPv6LinkLocal: true } ip
            || (a.Find(Ifa.PROTO) is [var proto, ..] ? proto != Ifa.PROTO_KERNEL_LL : (a.U32(Ifa.FLAGS) & Ifa.F_STABLE_PRIVACY) == 0 && !IsEui64(ip, mac)));

    /// <summary>RFC 4291, appendix A.</summary>
    private static bool IsEui64(IPAddress ip, byte[] mac) =>
        mac.Length == 6 && ip.GetAddressBytes().AsSpan(8).SequenceEqual(
            new byte[] { (byte)(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5] });

    private static bool Moves(RtObject r)
    {
        const uint RTM_F_CLONED = 0x200;
        if ((r.HeaderU32(8) & RTM_F_CLONED) != 0 || r.Header[5] == Core.Resources.RouteResource.Protocol) return false;
        if (r.Header[5] != Rta.PROTO_KERNEL) return true;
        return r.Table != Rta.TABLE_LOCAL && r.Header[7] == Rta.TYPE_UNICAST && !IsLinkLocalPrefix(r);
    }

    private static bool IsLinkLocalPrefix(RtObject r) => r.IsV6 && r.Header[1] == 64 && r.Address(Rta.DST) is { IsIPv6LinkLocal: true };

    private static bool Known(RtObject n)
    {
        const int Usable = Nda.NUD_REACHABLE | Nda.NUD_STALE | Nda.NUD_DELAY | Nda.NUD_PROBE | Nda.NUD_PERMANENT;
        return (BitConverter.ToUInt16(n.Header, 8) & Usable) != 0 && n.Find(Nda.LLADDR) is not null;
    }

    /// <summary>The same things as requests for another link.</summary>
    internal Belongings On(End from, End to) => new()
    {
        Addresses = Map(Addresses, from, to),
        Routes = Map(Routes, from, to),
        Neighbours = Map(Neighbours, from, to),
        Proxies = Map(Proxies, from, to),
        Nexthops = Map(Nexthops, from, to),
    };

    private static ImmutableArray<RtObject> Map(ImmutableArray<RtObject> list, End from, End to) => [.. list.Select(o => Retarget.To(o, from, to))];

    /// <summary>Without what the other has, by key.</summary>
    internal Belongings Except(IReadOnlySet<string> addresses, IReadOnlySet<string> routes) => this with
    {
        Addresses = [.. Addresses.Where(a => !addresses.Contains(Retarget.AddressKey(a)))],
        Routes = [.. Routes.Where(r => !routes.Contains(Retarget.RouteKey(r)))],
    };

    /// <summary>Without IPv6.</summary>
    internal Belongings OfIpv4() => new()
    {
        Addresses = OfIpv4(Addresses),
        Routes = OfIpv4(Routes),
        Neighbours = OfIpv4(Neighbours),
        Proxies = OfIpv4(Proxies),
        Nexthops = OfIpv4(Nexthops),
    };

    private static ImmutableArray<RtObject> OfIpv4(ImmutableArray<RtObject> list) => [.. list.Where(o => !o.IsV6)];

    /// <summary>Both, this one's first.</summary>
    internal Belongings And(Belongings other) => new()
    {
        Addresses = [.. Addresses.Concat(other.Addresses).DistinctBy(Retarget.AddressKey)],
        Routes = [.. Routes.Concat(other.Routes).DistinctBy(Retarget.RouteKey)],
        Neighbours = [.. Neighbours, .. other.Neighbours],
        Proxies = [.. Proxies, .. other.Proxies],
        Nexthops = [.. Nexthops, .. other.Nexthops],
    };
}
