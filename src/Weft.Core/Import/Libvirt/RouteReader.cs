using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads the elements route (virNetDevIPRouteCreate of libvirt): networks behind a machine.</summary>
internal static class RouteReader
{
    /// <summary>The routes, and what is wrong with them.</summary>
    public static List<RouteSpec> Read(XmlElement network, List<Ip> ips, Notes notes)
    {
        var all = new List<RouteSpec>();
        foreach (var e in network.All("route"))
        {
            var v4 = e["family"] is null or "ipv4";
            if (e["family"] is { } family && family is not ("ipv4" or "ipv6")) notes.Bad(e.Place("family"), $"<route family>: {Notes.Q(family)} is neither ipv4 nor ipv6");
            var metric = e.Number("metric", uint.MaxValue, notes);
            if (metric == 0) notes.Bad(e.Place("metric"), "<route metric>: 0 is none");
            var (address, gateway) = (e.RequiredAddress("address", notes), e.RequiredAddress("gateway", notes));
            if (address is null || gateway is null || !Families(e, v4, address, gateway, notes) || Destination(e, address, notes) is not { } to) continue;
            if (!ips.Exists(i => i.Address.Contains(gateway))) notes.Bad(e.Place("gateway"), $"<route gateway>: {gateway} is in no <ip> of the network");
            else if (metric > int.MaxValue) notes.Lost(e.Place("metric"), $"<route metric='{metric}'> to {to}: the file has metrics of 1 to {int.MaxValue}", null);
            else all.Add(new(to, gateway) { At = e.At, Metric = (int)(metric ?? 0) });
        }
        return all;
    }

    private static bool Families(XmlElement e, bool v4, IPAddress address, IPAddress gateway, Notes notes)
    {
        if (address.IsV4() == v4 && gateway.IsV4() == v4) return true;
        notes.Bad(e.At, $"<route>: {address} and {gateway} are not both {Facts.Family(v4)}", v4 ? "libvirt wants family='ipv6' with IPv6 addresses" : null);
        return false;
    }

    private static IpPrefix? Destination(XmlElement e, IPAddress address, Notes notes)
    {
        var (mask, prefix) = (e.Address("netmask", notes), e.Number("prefix", address.IsV4() ? 32 : 128, notes));
        if (mask is not null && (prefix is not null || !mask.IsV4() || !address.IsV4())) { notes.Conflict(e.At, "<route>: netmask goes with IPv4 and without prefix"); return null; }
        if (mask is not null && SourceText.MaskLength(mask) is null) { notes.Bad(e.Place("netmask"), $"<route netmask>: {mask} is no netmask"); return null; }
        var to = new IpPrefix(address, mask is not null ? SourceText.MaskLength(mask)!.Value : (int)(prefix ?? 0));
        if (to.First == IpPrefix.ToNumber(address)) return to;
        notes.Bad(e.Place("address"), $"<route address>: {to} is no network: bits of a host are set");
        return null;
    }
}
