using System.Buffers.Binary;

namespace Weft.Linux.Packet;

/// <summary>The Internet checksum (RFC 1071).</summary>
internal static class Checksum
{
    /// <summary>Of bytes whose checksum field is 0; of bytes that hold theirs it is 0 when they are whole.</summary>
    internal static ushort Of(ReadOnlySpan<byte> bytes) => Fold(Sum(bytes));

    /// <summary>Of an ICMPv6 message with its pseudo-header (RFC 8200, 8.1).</summary>
    /// <param name="addresses">Source and destination, 32 bytes.</param>
    /// <param name="message">The message.</param>
    internal static ushort OfIcmp6(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> message) =>
        Fold(Sum(addresses) + (uint)message.Length + NdPacket.ICMPV6 + Sum(message));

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
