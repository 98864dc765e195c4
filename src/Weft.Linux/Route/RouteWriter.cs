using System.Net;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>The body of RTM_NEWROUTE and RTM_DELROUTE.</summary>
internal static class RouteWriter
{
    private const byte RT_TABLE_COMPAT = 252;
    private const NextHopFlags Settable = NextHopFlags.OnLink | NextHopFlags.Pervasive;

    internal static void Write(NetlinkWriter w, RouteInfo r)
    {
        w.Struct(new RtMsg
        {
            Family = Decode.Family(r.Family),
            DestinationLength = (byte)r.Destination.PrefixLength,
            SourceLength = (byte)(r.Source?.PrefixLength ?? 0),
            Tos = r.Tos,
            Table = r.Table < 256 ? (byte)r.Table : RT_TABLE_COMPAT,
            Protocol = r.Protocol,
            Scope = r.Scope,
            Type = r.Type,
            Flags = (uint)(r.Flags & Settable),
        });
        if (r.Destination.PrefixLength > 0) w.PutAddress(Rta.DST, r.Destination.BaseAddress);
        if (r.Source is { PrefixLength: > 0 } source) w.PutAddress(Rta.SRC, source.BaseAddress);
        w.PutU32(Rta.TABLE, r.Table);
        if (r.Metric != 0) w.PutU32(Rta.PRIORITY, r.Metric);
        if (r.PreferredSource is { } preferred) w.PutAddress(Rta.PREFSRC, preferred);
        if (r.Metrics.Count > 0) w.Put(Rta.METRICS, r.Metrics.Span);
        if (r.Pref is { } pref) w.PutU8(Rta.PREF, pref);
        if (r.ExpiresSeconds is { } expires) w.PutU32(Rta.EXPIRES, expires);
        WriteWay(w, r);
        foreach (var extra in r.Extra) w.Put(extra.Type, extra.Payload.Span);
    }

    // A nexthop object and ways of its own exclude each other in a request, though a dump shows both.
    private static void WriteWay(NetlinkWriter w, RouteInfo r)
    {
        if (r.NextHopId is { } id)
        {
            w.PutU32(Rta.NH_ID, id);
            return;
        }
        if (r.OutLink != 0) w.PutU32(Rta.OIF, (uint)r.OutLink);
        WriteGateway(w, r, r.Gateway);
        if (r.NextHops.Count > 0) WriteNextHops(w, r);
    }

    private static void WriteNextHops(NetlinkWriter w, RouteInfo r)
    {
        var multipath = w.BeginNest(Rta.MULTIPATH);
        foreach (var hop in r.NextHops)
        {
            var mark = w.BeginStruct(new RtNextHop { Flags = (byte)(hop.Flags & Settable), Hops = (byte)(hop.Weight - 1), Index = hop.OutLink });
            WriteGateway(w, r, hop.Gateway);
            foreach (var extra in hop.Extra) w.Put(extra.Type, extra.Payload.Span);
            w.EndNest(mark); // rtnh_len lies where nla_len does
        }
        w.EndNest(multipath);
    }

    private static void WriteGateway(NetlinkWriter w, RouteInfo r, IPAddress? gateway)
    {
        if (gateway is null) return;
        if (gateway.AddressFamily == r.Family) w.PutAddress(Rta.GATEWAY, gateway);
        else w.Put(Rta.VIA, [Decode.Family(gateway.AddressFamily), 0, .. gateway.GetAddressBytes()]);
    }
}
