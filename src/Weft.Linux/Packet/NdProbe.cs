using System.Net;
using System.Net.Sockets;
using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>
/// Asks by neighbour discovery who has IPv6 addresses on a link. This host itself does not answer: look at its own addresses first. The link must be up;
/// the calling thread must be in its network namespace. The link needs no IPv6 of its own.
/// </summary>
public static class NdProbe
{
    private static readonly IPAddress _allNodes = IPAddress.Parse("ff02::1");

    /// <summary>The MAC of who has the address; null when nobody answered in time.</summary>
    /// <param name="link">The link.</param>
    /// <param name="address">Whom to ask for; a scope identifier is passed over.</param>
    /// <param name="timeout">How long to wait for an answer; three solicitations are sent in it.</param>
    /// <param name="source">An address of this host on that link, to which the answer is sent; null asks as duplicate address detection does.</param>
    /// <exception cref="LinuxException">The link is down (ENETDOWN), or the privileges do not suffice (EPERM).</exception>
    /// <exception cref="ArgumentException">The link has no Ethernet address, or the address is not one of IPv6.</exception>
    public static MacAddress? Ask(LinkInfo link, IPAddress address, TimeSpan timeout, IPAddress? source = null) =>
        Ask(link, [address], timeout, source).TryGetValue(Bare(address), out var mac) ? mac : null;

    /// <summary>Those of the addresses, without scopes, that somebody has, with the MAC of who answered first.</summary>
    /// <inheritdoc cref="Ask(LinkInfo, IPAddress, TimeSpan, IPAddress?)"/>
    /// <param name="link">The link.</param>
    /// <param name="addresses">Whom to ask for.</param>
    /// <param name="timeout">How long to wait for answers; it is over when all have come.</param>
    /// <param name="source">An address of this host on that link, or null.</param>
    public static IReadOnlyDictionary<IPAddress, MacAddress> Ask(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout, IPAddress? source = null) =>
        Run(link, addresses, timeout, source ?? IPAddress.IPv6Any, p => p.IsAdvertisement);

    /// <summary>
    /// Those of the addresses that must not be given out (RFC 4862, 5.4): somebody has them, or is about to take them and asks for them just now.
    /// </summary>
    /// <inheritdoc cref="Ask(LinkInfo, IReadOnlyCollection{IPAddress}, TimeSpan, IPAddress?)"/>
    public static IReadOnlyDictionary<IPAddress, MacAddress> InUse(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout) =>
        Run(link, addresses, timeout, IPAddress.IPv6Any, p => p.IsAdvertisement || p.Source.Equals(IPAddress.IPv6Any));

    private static Dictionary<IPAddress, MacAddress> Run(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout, IPAddress source, Func<NdPacket, bool> claims)
    {
        if (addresses.Count == 0) return [];
        if (addresses.Append(source).FirstOrDefault(a => a.AddressFamily != AddressFamily.InterNetworkV6) is { } other)
            throw new ArgumentException($"neighbour discovery asks for IPv6 addresses, not {other}", nameof(addresses));
        var own = link.Mac ?? throw new ArgumentException($"link {link.Name} has no Ethernet address to ask from", nameof(link));
        List<IPAddress> targets = [.. addresses.Select(Bare).Distinct()];
        using var socket = new PacketSocket(link, PacketSocket.ETH_P_IPV6, PacketFilter.NeighbourDiscovery);
        foreach (var group in targets.Select(NdPacket.SolicitedNode).Append(_allNodes).Select(NdPacket.GroupMac).Distinct()) socket.Join(group);
        return NeighbourExchange.Run(socket, targets, a => NdPacket.SolicitationFrame(own, source, a),
            f => NdPacket.TryParse(f, out var p) && p.SourceMac != own && claims(p) ? (p.Target, p.LinkAddress ?? p.SourceMac) : null, timeout);
    }

    private static IPAddress Bare(IPAddress a) => a.AddressFamily == AddressFamily.InterNetworkV6 ? new(a.GetAddressBytes()) : a;
}
