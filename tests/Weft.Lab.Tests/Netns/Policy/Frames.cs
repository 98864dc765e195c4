using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Ethernet frames as a machine would write them. Checksums of transport protocols are left out: no bridge looks at them.</summary>
internal static class Frames
{
    internal const string Broadcast = "ff:ff:ff:ff:ff:ff", AllNodes = "33:33:00:00:00:01";

    internal static byte[] Ethernet(string from, string to, ushort type, params byte[][] rest) => [.. Mac(to), .. Mac(from), .. Be(type), .. rest.SelectMany(r => r)];

    /// <summary>A frame with an 802.1Q tag.</summary>
    internal static byte[] Tagged(byte[] frame, ushort vlan) => [.. frame[..12], .. Be(0x8100), .. Be(vlan), .. frame[12..]];

    internal static byte[] Arp(string from, string senderMac, string senderIp, string targetIp, ushort operation = 2) => Ethernet(from, Broadcast, 0x0806,
        Be(1), Be(0x0800), [6, 4], Be(operation), Mac(senderMac), Ip(senderIp), new byte[6], Ip(targetIp), new byte[18]);

    internal static byte[] Udp4(string from, string to, string source, string target, ushort sport, ushort dport) =>
        Ip4(from, to, source, target, 17, [.. Be(sport), .. Be(dport), .. Be(12), .. Be(0), 1, 2, 3, 4]);

    internal static byte[] Ip4(string from, string to, string source, string target, byte protocol, byte[] body)
    {
        byte[] header = [0x45, 0, .. Be((ushort)(20 + body.Length)), 0, 1, 0, 0, 64, protocol, 0, 0, .. Ip(source), .. Ip(target)];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Checksum(header));
        return Ethernet(from, to, 0x0800, header, body);
    }

    internal static byte[] Udp6(string from, string to, string source, string target, ushort sport, ushort dport) =>
        Ip6(from, to, source, target, 17, [.. Be(sport), .. Be(dport), .. Be(12), .. Be(0), 1, 2, 3, 4]);

    internal static byte[] Icmp6(string from, string to, string source, string target, byte type, params byte[] body) => Ip6(from, to, source, target, 58, [type, 0, 0, 0, .. body]);

    /// <summary>An advertisement (RFC 4861 4.4), unsolicited, with override.</summary>
    internal static byte[] Advertisement(string from, string source, string about) =>
        Icmp6(from, AllNodes, source, "ff02::1", 136, [0x20, 0, 0, 0, .. Ip(about), 2, 1, .. Mac(from)]);

    internal static byte[] Ip6(string from, string to, string source, string target, byte next, byte[] body) =>
        Ethernet(from, to, 0x86dd, [0x60, 0, 0, 0], Be((ushort)body.Length), [next, 255], Ip(source), Ip(target), body);

    /// <summary>A fragment header (RFC 8200 4.5).</summary>
    internal static byte[] Fragment(byte next, int offset, bool more) => [next, 0, .. Be((ushort)(offset | (more ? 1 : 0))), 0, 0, 0, 9];

    /// <summary>A destination options header of eight bytes, all padding.</summary>
    internal static byte[] Options(byte next) => [next, 0, 1, 4, 0, 0, 0, 0];

    internal static byte[] Mac(string text) => [.. text.Split(':').Select(p => byte.Parse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];

    private static byte[] Ip(string text) => IPAddress.Parse(text).GetAddressBytes();

    private static byte[] Be(ushort value) => [(byte)(value >> 8), (byte)value];

    private static ushort Checksum(byte[] header)
    {
        uint sum = 0;
        for (var i = 0; i < header.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(i));
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
