using Weft.Core.Model;
using Weft.Linux.Route;

namespace Weft.Engine.Host;

/// <summary>Routes of every table that packets are looked up in, but for the kernel's own table of local addresses.</summary>
internal static class HostRoutes
{
    private const uint RT_TABLE_MAIN = 254, RT_TABLE_LOCAL = 255;
    private const byte FR_ACT_TO_TBL = 1;
    private const ushort FRA_L3MDEV = 19;

    /// <summary>Reads them table by table, so that the local table, the longest on a host of many networks, stays unread.</summary>
    public static IEnumerable<RouteInfo> Read(RouteSocket socket)
    {
        var rules = socket.Rules();
        if (rules.Any(r => r.Extra.Any(e => e.Type == FRA_L3MDEV))) // VRFs: their links, not rules, say which tables
            return socket.Routes().Where(r => r.Table != RT_TABLE_LOCAL);
        var tables = rules.Where(r => r.Action == FR_ACT_TO_TBL).Select(r => r.Table).Append(RT_TABLE_MAIN).Distinct();
        return tables.Where(t => t is not (0 or RT_TABLE_LOCAL)).SelectMany(t => socket.Routes(t));
    }

    /// <summary>One record a way out; none for routes that lead nowhere of that kind (multicast, broadcast, local).</summary>
    public static IEnumerable<HostRoute> Of(RouteInfo r, IReadOnlyDictionary<int, string> names)
    {
        const byte RTN_UNICAST = 1, RTN_BLACKHOLE = 6, RTN_THROW = 9;
        if (r.Type != RTN_UNICAST && r.Type is not (>= RTN_BLACKHOLE and <= RTN_THROW)) yield break;
        if (r.NextHops.Count == 0) yield return One(r, r.OutLink, r.Gateway, names);
        foreach (var hop in r.NextHops) yield return One(r, hop.OutLink, hop.Gateway, names);
    }

    private static HostRoute One(RouteInfo r, int link, System.Net.IPAddress? gateway, IReadOnlyDictionary<int, string> names) =>
        new(new IpPrefix(r.Destination.BaseAddress, r.Destination.PrefixLength), names.GetValueOrDefault(link), gateway, (int)r.Table, (int)r.Metric, r.Protocol);
}
