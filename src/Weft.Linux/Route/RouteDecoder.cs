using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTM_NEWROUTE and RTM_DELROUTE.</summary>
internal static class RouteDecoder
{
    private const uint RTM_F_CLONED = 0x200;
    private const int USER_HZ = 100;

    /// <summary>Null for other families than IPv4 and IPv6, and for what is only a cached copy of a route.</summary>
    internal static RouteInfo? Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<RtMsg>(message, out var attributes);
        if (header.Family is not (Rtm.AF_INET or Rtm.AF_INET6) || (header.Flags & RTM_F_CLONED) != 0) return null;
        var a = new AttributeTable(message, attributes, stackalloc AttributeTable.Place[32]);
        return new RouteInfo
        {
            Family = Decode.Family(header.Family),
            Destination = Decode.Prefix(header.Family, a[Rta.DST], header.DestinationLength),
            Source = header.SourceLength == 0 ? null : Decode.Prefix(header.Family, a[Rta.SRC], header.SourceLength),
            Table = a.U32(Rta.TABLE) ?? header.Table,
            Metric = a[Rta.PRIORITY].U32,
            Type = header.Type,
            Scope = header.Scope,
            Protocol = header.Protocol,
            Tos = header.Tos,
            Flags = (NextHopFlags)(header.Flags & 0xff),
            Gateway = Gateway(header.Family, a[Rta.GATEWAY], a[Rta.VIA]),
            OutLink = (int)a[Rta.OIF].U32,
            PreferredSource = a.Has(Rta.PREFSRC) ? Decode.Address(header.Family, a[Rta.PREFSRC]) : null,
            Metrics = ValueList.Create(a[Rta.METRICS].Payload),
            NextHops = NextHops(header.Family, a[Rta.MULTIPATH].Payload),
            Pref = a.Has(Rta.PREF) ? a[Rta.PREF].U8 : null,
            ExpiresSeconds = Expires(header.Family, a[Rta.CACHEINFO]),
            NextHopId = a.U32(Rta.NH_ID),
            Extra = Extra(attributes, Modelled),
        };
    }

    private static bool Modelled(ushort type) => type is Rta.DST or Rta.SRC or Rta.OIF or Rta.GATEWAY or Rta.PRIORITY
        or Rta.PREFSRC or Rta.METRICS or Rta.MULTIPATH or Rta.CACHEINFO or Rta.TABLE or Rta.MFC_STATS or Rta.VIA or Rta.PREF
        or Rta.EXPIRES or Rta.PAD or Rta.UID or Rta.NH_ID;

    internal static ValueList<RawAttribute> Extra(NetlinkReader attributes, Func<ushort, bool> modelled)
    {
        List<RawAttribute>? extra = null;
        foreach (var a in attributes)
            if (!modelled(a.Type)) (extra ??= []).Add(Decode.Raw(a));
        return extra is null ? [] : new ValueList<RawAttribute>([.. extra]);
    }

    private static IPAddress? Gateway(byte family, NetlinkAttribute gateway, NetlinkAttribute via) =>
        !gateway.Payload.IsEmpty ? Decode.Address(family, gateway)
        : !via.Payload.IsEmpty ? Decode.Via(via)
        : null;

    private static uint? Expires(byte family, NetlinkAttribute cacheInfo)
    {
        var ticks = cacheInfo.Host<RtaCacheInfo>().Expires;
        return family == Rtm.AF_INET6 && ticks > 0 ? ((uint)ticks + USER_HZ - 1) / USER_HZ : null;
    }

    private static ValueList<NextHop> NextHops(byte family, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return [];
        var hops = new List<NextHop>();
        var size = Unsafe.SizeOf<RtNextHop>();
        while (MemoryMarshal.TryRead(bytes, out RtNextHop hop) && hop.Length >= size && hop.Length <= bytes.Length)
        {
            hops.Add(Hop(family, hop, new NetlinkReader(bytes[size..hop.Length])));
            bytes = bytes[Math.Min((hop.Length + 3) & ~3, bytes.Length)..];
        }
        return new ValueList<NextHop>([.. hops]);
    }

    private static NextHop Hop(byte family, RtNextHop hop, NetlinkReader attributes) => new()
    {
        OutLink = hop.Index,
        Weight = hop.Hops + 1,
        Flags = (NextHopFlags)hop.Flags,
        Gateway = Gateway(family, attributes.Find(Rta.GATEWAY), attributes.Find(Rta.VIA)),
        Extra = Extra(attributes, t => t is Rta.GATEWAY or Rta.VIA),
    };
}
