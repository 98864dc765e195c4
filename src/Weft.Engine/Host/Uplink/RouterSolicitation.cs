using System.Net;
using System.Net.Sockets;

namespace Weft.Engine.Host.Uplink;

/// <summary>ICMPv6 router solicitation (RFC 4861, 4.1), so that a link hears its routers at once and not minutes later.</summary>
internal static class RouterSolicitation
{
    private static readonly IPEndPoint _allRouters = new(IPAddress.Parse("ff02::2"), 0);

    /// <summary>Asks for an advertisement where the link accepts them (accept_ra is 2, or 1 on a link that does not forward).</summary>
    internal static void SendIfAccepted(LinkState link)
    {
        var accept = LinkSysctls.Get("ipv6", link.Name, "accept_ra");
        if (LinkSysctls.Get("ipv6", link.Name, "disable_ipv6") != "0" || accept is null or "0") return;
        if (accept == "1" && LinkSysctls.Get("ipv6", link.Name, "forwarding") != "0") return;
        Send(link.Index);
    }

    private static void Send(int index)
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        try
        {
            _ = socket.SendTo([133, 0, 0, 0, 0, 0, 0, 0], _allRouters);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.NetworkUnreachable or SocketError.HostUnreachable)
        {
            // No address to send from yet: the kernel solicits by itself as soon as the link-local address is there.
        }
    }
}
