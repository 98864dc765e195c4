using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>What a DHCP server gives a client: a DHCPACK (RFC 2131) or a Reply of DHCPv6 (RFC 8415) in its Ethernet frame.</summary>
/// <param name="IsV4">IPv4; else IPv6.</param>
/// <param name="Client">The client's MAC: chaddr, or for IPv6, where the message does not tell it, where the frame goes.</param>
/// <param name="Leases">What it may use: one address of IPv4, none to sixteen of IPv6.</param>
public sealed record DhcpAnswer(bool IsV4, MacAddress Client, ImmutableArray<DhcpGrant> Leases)
{
    internal const byte UDP = 17;
    internal const ushort ServerPort4 = 67, ClientPort4 = 68, ServerPort6 = 547, ClientPort6 = 546;
    private const ushort ETH_P_IP = 0x800;
    private const int Ip = 14, UdpHeader = 8, Most = 16; // more addresses has no client in earnest

    /// <summary>Reads a frame; false when it gives nothing to anybody.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out DhcpAnswer answer)
    {
        answer = null!;
        if (frame.Length < Ip + 1) return false;
        var read = U16(frame, 12) switch
        {
            ETH_P_IP => Udp4(frame[Ip..]) is { IsEmpty: false } udp ? Message4(udp) : null,
            PacketSocket.ETH_P_IPV6 => Udp6(frame[Ip..]) is { IsEmpty: false } udp ? Message6(udp, new(frame[..6])) : null,
            _ => null,
        };
        if (read is null) return false;
        answer = read;
        return true;
    }

    // The checksum may be left to a NIC that the packet never meets, when it comes from the same machine.
    private static ReadOnlySpan<byte> Udp4(ReadOnlySpan<byte> ip)
    {
        var header = (ip[0] & 0xf) * 4;
        if (ip[0] >> 4 != 4 || header < 20 || ip.Length < header || ip[9] != UDP || (U16(ip, 6) & 0x3fff) != 0) return default; // of a fragment the rest is missing
        var length = U16(ip, 2);
        return length < header || length > ip.Length ? default : Udp(ip[header..length], ServerPort4, ClientPort4);
    }

    private static ReadOnlySpan<byte> Udp6(ReadOnlySpan<byte> ip)
    {
        const int header = 40;
        if (ip.Length < header || ip[0] >> 4 != 6 || ip[6] != UDP) return default;
        var length = header + U16(ip, 4);
        return length > ip.Length ? default : Udp(ip[header..length], ServerPort6, ClientPort6);
    }

    private static ReadOnlySpan<byte> Udp(ReadOnlySpan<byte> udp, ushort from, ushort to)
    {
        if (udp.Length < UdpHeader || U16(udp, 0) != from || U16(udp, 2) != to) return default;
        var length = U16(udp, 4);
        return length < UdpHeader || length > udp.Length ? default : udp[UdpHeader..length];
    }

    // op, htype, hlen; yiaddr at 16, chaddr at 28, the cookie at 236, options behind it (RFC 2131 2, RFC 2132 2)
    private static DhcpAnswer? Message4(ReadOnlySpan<byte> m)
    {
        const byte reply = 2, ethernet = 1, ack = 5, lease = 51, type = 53;
        const uint cookie = 0x63825363;
        if (m.Length < 240 || m[0] != reply || m[1] != ethernet || m[2] != 6 || BinaryPrimitives.ReadUInt32BigEndian(m[236..]) != cookie) return null;
        var address = new IPAddress(m.Slice(16, 4));
        if (Option4(m[240..], type) is not [ack] || Option4(m[240..], lease) is not { Length: 4 } seconds || address.Equals(IPAddress.Any)) return null; // to DHCPINFORM nothing is given
        return new(true, new(m[28..34]), [new(address, Lifetime(seconds))]);
    }

    private static ReadOnlySpan<byte> Option4(ReadOnlySpan<byte> options, byte code)
    {
        const byte pad = 0, end = 255;
        while (!options.IsEmpty && options[0] != end)
        {
            if (options[0] == pad)
            {
                options = options[1..];
                continue;
            }
            if (options.Length < 2 || options.Length < 2 + options[1]) return default;
            if (options[0] == code) return options.Slice(2, options[1]);
            options = options[(2 + options[1])..];
        }
        return default;
    }

    private static DhcpAnswer? Message6(ReadOnlySpan<byte> m, MacAddress client)
    {
        const byte reply = 7;
        if (m.Length < 4 || m[0] != reply || client.IsMulticast) return null;
        var leases = ImmutableArray.CreateBuilder<DhcpGrant>();
        var rest = m[4..];
        var any = false;
        while (Option6(ref rest, out var code, out var body))
        {
            // IA_NA: IAID, T1, T2; IA_TA: IAID (RFC 8415 21.4, 21.5). Options follow.
            if (code is not (3 or 4) || body.Length < (code == 3 ? 12 : 4)) continue;
            any = true;
            Addresses(body[(code == 3 ? 12 : 4)..], leases);
        }
        return any ? new(false, client, leases.ToImmutable()) : null;
    }

    // IAADDR: address, preferred and valid lifetime (RFC 8415 21.6); with 0 it is taken back.
    private static void Addresses(ReadOnlySpan<byte> options, ImmutableArray<DhcpGrant>.Builder leases)
    {
        while (Option6(ref options, out var code, out var body))
            if (code == 5 && body.Length >= 24 && Lifetime(body.Slice(20, 4)) is var valid && valid != TimeSpan.Zero && leases.Count < Most)
                leases.Add(new(new IPAddress(body[..16]), valid));
    }

    private static bool Option6(ref ReadOnlySpan<byte> options, out ushort code, out ReadOnlySpan<byte> body)
    {
        code = 0;
        body = default;
        if (options.Length < 4 || U16(options, 2) > options.Length - 4) return false;
        code = U16(options, 0);
        body = options.Slice(4, U16(options, 2));
        options = options[(4 + body.Length)..];
        return true;
    }

    // 0xffffffff is for ever, in both.
    private static TimeSpan? Lifetime(ReadOnlySpan<byte> seconds) => BinaryPrimitives.ReadUInt32BigEndian(seconds) is var s && s == uint.MaxValue ? null : TimeSpan.FromSeconds(s);

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16BigEndian(b[at..]);
}

/// <summary>An address that a DHCP server gives.</summary>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="Lifetime">For how long from now; null for ever.</param>
public sealed record DhcpGrant(IPAddress Address, TimeSpan? Lifetime);
