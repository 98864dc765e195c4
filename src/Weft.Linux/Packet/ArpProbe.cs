using System.Net;
using System.Net.Sockets;
using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>
/// Asks by ARP who has IPv4 addresses on a link. This host itself does not answer: look at its own addresses first. The link must be up; the calling
/// thread must be in its network namespace.
/// </summary>
public static class ArpProbe
{
    /// <summary>The MAC of who has the address; null when nobody answered in time.</summary>
    /// <param name="link">The link.</param>
    /// <param name="address">Whom to ask for.</param>
    /// <param name="timeout">How long to wait for an answer; three requests are sent in it.</param>
    /// <param name="sender">An address of this host on that link: routers may pass over requests without one. Null asks as RFC 5227 does.</param>
    /// <exception cref="LinuxException">The link is down (ENETDOWN), or the privileges do not suffice (EPERM).</exception>
    /// <exception cref="ArgumentException">The link has no Ethernet address, or the address is not one of IPv4.</exception>
    public static MacAddress? Ask(LinkInfo link, IPAddress address, TimeSpan timeout, IPAddress? sender = null) =>
        Ask(link, [address], timeout, sender).TryGetValue(address, out var mac) ? mac : null;

    /// <summary>Those of the addresses that somebody has, with the MAC of who answered first.</summary>
    /// <inheritdoc cref="Ask(LinkInfo, IPAddress, TimeSpan, IPAddress?)"/>
    /// <param name="link">The link.</param>
    /// <param name="addresses">Whom to ask for.</param>
    /// <param name="timeout">How long to wait for answers; it is over when all have come.</param>
    /// <param name="sender">An address of this host on that link, or null.</param>
    public static IReadOnlyDictionary<IPAddress, MacAddress> Ask(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout, IPAddress? sender = null) =>
        Run(link, addresses, timeout, sender ?? IPAddress.Any, p => p.Sender);

    /// <summary>
    /// Those of the addresses that must not be given out (RFC 5227, 2.1.1): somebody has them, or is about to take them and asks for them just now.
    /// </summary>
    /// <inheritdoc cref="Ask(LinkInfo, IReadOnlyCollection{IPAddress}, TimeSpan, IPAddress?)"/>
    public static IReadOnlyDictionary<IPAddress, MacAddress> InUse(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout) =>
        Run(link, addresses, timeout, IPAddress.Any, p => p.Request && p.Sender.Equals(IPAddress.Any) ? p.Target : p.Sender);

    private static Dictionary<IPAddress, MacAddress> Run(LinkInfo link, IReadOnlyCollection<IPAddress> addresses, TimeSpan timeout, IPAddress sender, Func<ArpPacket, IPAddress> claimed)
    {
        if (addresses.Count == 0) return [];
        if (addresses.Append(sender).FirstOrDefault(a => a.AddressFamily != AddressFamily.InterNetwork) is { } other)
            throw new ArgumentException($"ARP asks for IPv4 addresses, not {other}", nameof(addresses));
        var own = link.Mac ?? throw new ArgumentException($"link {link.Name} has no Ethernet address to ask from", nameof(link));
        using var socket = new PacketSocket(link, PacketSocket.ETH_P_ARP, PacketFilter.Untagged);
        return NeighbourExchange.Run(socket, addresses.Distinct(), a => ArpPacket.RequestFrame(own, sender, a),
            f => ArpPacket.TryParse(f, out var p) && p.SenderMac != own ? (claimed(p), p.SenderMac) : null, timeout);
    }
}
