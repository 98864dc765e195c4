using System.Net;
using System.Net.Sockets;
using Weft.Linux.Libc;
using Weft.Linux.Packet;
using Weft.Linux.Route;

namespace Weft.Engine.Confirm;

/// <summary>The routers of this host, asked on the links that lead to them now.</summary>
internal static class Gateways
{
    private const uint RT_TABLE_MAIN = 254;

    /// <summary>The gateways of the default routes: of each family those of the lowest metric.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<IPAddress> Now()
    {
        using var socket = new RouteSocket();
        var found = Defaults(socket).GroupBy(r => r.Gateway.AddressFamily).SelectMany(f => f.Where(r => r.Metric == f.Min(x => x.Metric))).Select(r => r.Gateway).Distinct().ToList();
        return found.Count > 0 ? found : throw new ArgumentException("probe 'gateway': there is no default route with a gateway; name a target with tcp: or ping:");
    }

    /// <summary>Whether it answers where the routes lead.</summary>
    public static ProbeResult Ask(GatewayTarget target, TimeSpan timeout)
    {
        using var socket = new RouteSocket();
        var gateway = target.Address!;
        if (LinkTo(socket, gateway) is not { } index || socket.Link(index) is not { } link) return new(target, false, "no route and no address leads to it any more");
        if (!link.IsUp) return new(target, false, $"{link.Name} is down");
        if (link.Mac is null || (link.Flags & LinkFlags.NoArp) != 0)
            return new(target, link.Carrier, $"{link.Name} has no neighbours to ask; its carrier is {(link.Carrier ? "there" : "gone")}");
        return Ask(socket, target, link, timeout);
    }

    private static ProbeResult Ask(RouteSocket socket, GatewayTarget target, LinkInfo link, TimeSpan timeout)
    {
        var source = socket.Addresses(link.Index).FirstOrDefault(a => Contains(a, target.Address!))?.Address;
        try
        {
            var mac = target.Address!.AddressFamily == AddressFamily.InterNetwork
                ? ArpProbe.Ask(link, target.Address, timeout, source)
                : NdProbe.Ask(link, target.Address, timeout, source);
            return mac is null ? new(target, false, $"no answer on {link.Name}") : new(target, true, $"{mac} on {link.Name}");
        }
        catch (LinuxException e) when (e.Errno is not Errno.EPERM)
        {
            return new(target, false, e.Message); // the link went while it was asked
        }
    }

    private static int? LinkTo(RouteSocket socket, IPAddress gateway) =>
        Defaults(socket).Where(r => r.Gateway.Equals(gateway)).Select(r => (int?)r.Link).FirstOrDefault()
        ?? socket.Addresses().FirstOrDefault(a => !gateway.IsIPv6LinkLocal && Contains(a, gateway))?.LinkIndex;

    private static bool Contains(AddressInfo a, IPAddress other) =>
        a.Address.AddressFamily == other.AddressFamily && new Core.Model.IpPrefix(a.Address, a.PrefixLength).Contains(other);

    private static IEnumerable<(IPAddress Gateway, int Link, uint Metric)> Defaults(RouteSocket socket) =>
        from r in socket.Routes(RT_TABLE_MAIN)
        where r.Destination.PrefixLength == 0
        from way in r.NextHops.Count > 0 ? r.NextHops.Select(h => (h.Gateway, h.OutLink)) : [(r.Gateway, r.OutLink)]
        where way.Gateway is not null
        select (way.Gateway, way.OutLink, r.Metric);
}
