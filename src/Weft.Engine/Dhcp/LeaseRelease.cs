using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Gives leases back in their machine's name, which makes a running dnsmasq forget them: their names go, and their addresses may be given to others.
/// dnsmasq takes such a message from the host itself, as its own dhcp_release(1) and dhcp_release6(1) send it.
/// </summary>
internal static class LeaseRelease
{
    private const int SOL_SOCKET = 1, SO_BINDTODEVICE = 25, ServerPort = 67, ServerPort6 = 547;
    private static readonly IPAddress s_servers6 = IPAddress.Parse("ff02::1:2");

    /// <summary>Sends the release of one lease.</summary>
    /// <param name="lease">What is given back.</param>
    /// <param name="scope">Of the link that the lease was given on.</param>
    /// <param name="server">The server's own DUID; needed for IPv6.</param>
    /// <exception cref="IOException">It cannot be sent: the link is gone.</exception>
    internal static void Send(DhcpLease lease, DhcpScopeResource scope, byte[] server)
    {
        var v4 = lease.Address.AddressFamily == AddressFamily.InterNetwork;
        if (v4 ? lease.Mac is null : server.Length == 0 || Hex(lease.ClientId).Length == 0) return;
        try
        {
            if (v4) Send4(lease, scope);
            else Send6(lease, scope.Link, server);
        }
        catch (SocketException e)
        {
            throw new DhcpException($"give {lease.Address} back on {scope.Link}: {e.Message}", e);
        }
    }

    private static void Send4(DhcpLease lease, DhcpScopeResource scope)
    {
        if (scope.Ranges.FirstOrDefault(r => r.Subnet.Contains(lease.Address)) is not { } range) return;
        using var socket = Open(AddressFamily.InterNetwork, scope.Link);
        socket.SendTo(Message4(lease, range.Gateway), new IPEndPoint(range.Gateway, ServerPort));
    }

    /// <summary>DHCPRELEASE (RFC 2131 section 4.4.6): BOOTREQUEST, Ethernet, the address in ciaddr, the MAC in chaddr.</summary>
    internal static byte[] Message4(DhcpLease lease, IPAddress server)
    {
        var m = new byte[300];
        m[0] = 1;
        m[1] = 1;
        m[2] = 6;
        lease.Address.TryWriteBytes(m.AsSpan(12), out _);
        lease.Mac!.Value.Bytes.CopyTo(m, 28);
        // The cookie, message type 7, server identifier; the end (255) follows.
        byte[] options = [99, 130, 83, 99, 53, 1, 7, 54, 4, .. server.GetAddressBytes(), 255];
        options.CopyTo(m, 236);
        return m;
    }

    private static void Send6(DhcpLease lease, string link, byte[] server)
    {
        using var socket = Open(AddressFamily.InterNetworkV6, link);
        socket.SendTo(Message6(lease, server), new IPEndPoint(s_servers6, ServerPort6));
    }

    private static Socket Open(AddressFamily family, string link)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(SOL_SOCKET, SO_BINDTODEVICE, Encoding.ASCII.GetBytes(link + "\0"));
        return socket;
    }

    /// <summary>RELEASE (RFC 8415 section 18.2.7): client and server DUID, IA_NA with the address.</summary>
    internal static byte[] Message6(DhcpLease lease, byte[] server)
    {
        byte[] address = [.. Option(5, [.. lease.Address.GetAddressBytes(), .. new byte[8]])];
        return [8, 0, 0, 1, .. Option(1, Hex(lease.ClientId)), .. Option(2, server), .. Option(3, [.. Number(lease.Iaid), .. new byte[8], .. address])];
    }

    /// <summary>Bytes as the lease file has them, "00:01:0a"; none when the text is something else.</summary>
    internal static byte[] Hex(string text)
    {
        var parts = text.Split(':');
        var bytes = new byte[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])) return [];
        return bytes;
    }

    private static byte[] Option(ushort code, byte[] value)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, code);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)value.Length);
        return [.. head, .. value];
    }

    private static byte[] Number(uint n)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, n);
        return bytes;
    }
}
