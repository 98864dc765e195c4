using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Linux.Nft;

/// <summary>One field of a key, by nft's type name; nd_target is a raw payload of the 16 bytes of an IPv6 address.</summary>
internal static class NftField
{
    /// <summary>Bytes of a type.</summary>
    /// <exception cref="FormatException">The type is not known here.</exception>
    internal static int Size(string type) => type switch
    {
        "ifname" or "ipv6_addr" or "nd_target" => 16,
        "ether_addr" => 6,
        "ipv4_addr" or "mark" => 4,
        "inet_proto" => 1,
        "inet_service" => 2,
        _ => throw new FormatException($"nft type {type} is not known"),
    };

    /// <summary>First and, for a prefix or a range, last value.</summary>
    internal static (byte[] First, byte[]? Last) Range(string type, string text)
    {
        if (type is "ipv4_addr" or "ipv6_addr" or "nd_target" && text.Contains('/', StringComparison.Ordinal)) return Prefix(type, text);
        var dash = type is "ifname" ? -1 : text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 || type == "inet_proto" && !char.IsAsciiDigit(text[0])
            ? (One(type, text), null)
            : (One(type, text[..dash]), One(type, text[(dash + 1)..]));
    }

    /// <summary>As nft writes it: one value, a prefix, or a range.</summary>
    internal static string Text(string type, ReadOnlySpan<byte> first, ReadOnlySpan<byte> last)
    {
        if (last.IsEmpty || first.SequenceEqual(last)) return Text(type, first);
        return type is "ipv4_addr" or "ipv6_addr" or "nd_target" && PrefixLength(first, last) is { } length
            ? $"{Text(type, first)}/{length}"
            : $"{Text(type, first)}-{Text(type, last)}";
    }

    private static (byte[], byte[]?) Prefix(string type, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = One(type, text[..slash]);
        var length = int.Parse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        if (length == first.Length * 8) return (first, null);
        var last = (byte[])first.Clone();
        for (var bit = length; bit < first.Length * 8; bit++)
        {
            first[bit / 8] &= (byte)~(0x80 >> bit % 8);
            last[bit / 8] |= (byte)(0x80 >> bit % 8);
        }
        return (first, last);
    }

    private static byte[] One(string type, string text) => type switch
    {
        "ifname" => Name(text),
        "ether_addr" => [.. text.Split(':').Select(p => byte.Parse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))],
        "ipv4_addr" => Address(text, AddressFamily.InterNetwork),
        "ipv6_addr" or "nd_target" => Address(text, AddressFamily.InterNetworkV6),
        "inet_proto" => [Protocol(text)],
        "inet_service" => BigEndian(ushort.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)),
        "mark" => BitConverter.GetBytes(uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"nft type {type} is not known"),
    };

    private static byte[] Name(string text)
    {
        var name = new byte[16]; // IFNAMSIZ
        if (Encoding.UTF8.GetByteCount(text) >= name.Length) throw new FormatException($"interface name '{text}' is longer than 15 bytes");
        Encoding.UTF8.GetBytes(text, name);
        return name;
    }

    private static byte[] Address(string text, AddressFamily family)
    {
        var address = IPAddress.Parse(text);
        return address.AddressFamily == family ? address.GetAddressBytes() : throw new FormatException($"'{text}' is of the other family");
    }

    private static byte[] BigEndian(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static string Text(string type, ReadOnlySpan<byte> b) => type switch
    {
        "ifname" => Encoding.UTF8.GetString(b.TrimEnd((byte)0)),
        "ether_addr" => string.Join(':', b.ToArray().Select(x => x.ToString("x2", CultureInfo.InvariantCulture))),
        "ipv4_addr" or "ipv6_addr" or "nd_target" => new IPAddress(b).ToString(),
        "inet_proto" => ProtocolName(b[0]),
        "inet_service" => BinaryPrimitives.ReadUInt16BigEndian(b).ToString(CultureInfo.InvariantCulture),
        _ => BitConverter.ToUInt32(b).ToString(CultureInfo.InvariantCulture),
    };

    private static int? PrefixLength(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (length, bits) = (0, a.Length * 8);
        while (length < bits && Bit(a, length) == Bit(b, length)) length++;
        for (var i = length; i < bits; i++)
            if (Bit(a, i) || !Bit(b, i)) return null;
        return length;
    }

    private static bool Bit(ReadOnlySpan<byte> b, int i) => (b[i / 8] & 0x80 >> i % 8) != 0;

    private static byte Protocol(string text) => text switch
    {
        "icmp" => 1,
        "tcp" => 6,
        "udp" => 17,
        "ipv6-icmp" => 58,
        "sctp" => 132,
        _ => byte.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture),
    };

    private static string ProtocolName(byte number) => number switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "ipv6-icmp",
        132 => "sctp",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };
}
