using System.Net;
using System.Net.Sockets;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Engine.Drivers;
using Weft.Linux.Packet;
using Weft.Linux.Route;

namespace Weft.Engine.Host;

/// <summary>
/// Asks the wire before addresses are given out whether somebody has them (RFC 5227 for IPv4, RFC 4862 section 5.4 for IPv6). Only where others than Weft's
/// own ports can be: a network behind the host holds nobody but those, and they are held to what they were given.
/// </summary>
internal sealed class WireProbe(RouteSocket socket)
{
    // Three requests go out in it. RFC 5227 allots some seconds to hosts that boot on slow media; who plans waits here.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(900);

    /// <summary>Those of the ports' addresses that somebody else uses, with the MAC of that one.</summary>
    /// <param name="fresh">Ports that were just given something.</param>
    /// <param name="given">Everything given out, for bridges and uplinks.</param>
    /// <param name="isOwn">Whether a port had the MAC before: a machine that runs on goes on answering by its old one.</param>
    /// <exception cref="IOException">The wire cannot be asked.</exception>
    public IReadOnlyDictionary<IPAddress, string> InUse(IReadOnlyCollection<PortAllocation> fresh, AllocationState given, Func<string, bool> isOwn)
    {
        var used = new Dictionary<IPAddress, string>();
        var own = fresh.Select(p => p.Mac.ToString()).ToHashSet();
        foreach (var network in fresh.Where(p => !p.Addresses.IsEmpty).GroupBy(p => (p.Project, p.Network)))
            if (given.Network(network.Key.Project, network.Key.Network) is { } n && Wire(n) is { } link)
                foreach (var (address, mac) in Ask(link, [.. network.SelectMany(p => p.Addresses)]))
                    if (!own.Contains(mac) && !isOwn(mac)) used[address] = mac;
        return used;
    }

    // The bridge, once there is one with a port of others; before that the NIC that will be under it.
    private LinkInfo? Wire(NetworkAllocation network)
    {
        var link = socket.Link(network.Bridge) is { } bridge ? (HasOthers(bridge) ? bridge : null)
            : network is { Mode: "bridge", Uplinks: [var nic, ..] } ? socket.Link(nic) : null;
        return link is { IsUp: true, Carrier: true, Mac: not null } ? link : null;
    }

    private bool HasOthers(LinkInfo bridge) => socket.Links(bridge.Index).Any(p => !LinkTag.TryParse(p.Alias, out _));

    private static IEnumerable<(IPAddress, string)> Ask(LinkInfo link, List<IPAddress> addresses)
    {
        var (v4, v6) = (addresses.FindAll(a => a.AddressFamily == AddressFamily.InterNetwork), addresses.FindAll(a => a.AddressFamily == AddressFamily.InterNetworkV6));
        return ArpProbe.InUse(link, v4, _patience).Concat(NdProbe.InUse(link, v6, _patience)).Select(u => (u.Key, u.Value.ToString()));
    }
}
