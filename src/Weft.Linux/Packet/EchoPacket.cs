using System.Buffers.Binary;

namespace Weft.Linux.Packet;

/// <summary>What came back for an echo request: the reply, or what a router or host says of why there is none (RFC 792, RFC 4443).</summary>
/// <param name="Id">Identifier of the request.</param>
/// <param name="Sequence">Sequence number of the request.</param>
/// <param name="Fault">Null for a reply.</param>
public sealed record EchoPacket(ushort Id, ushort Sequence, string? Fault)
{
    /// <summary>Bytes of a request.</summary>
    public const int Length = 8;
    private const byte Icmp = 1, EchoReply4 = 0, Unreachable4 = 3, Echo4 = 8, Exceeded4 = 11, Unreachable6 = 1, Exceeded6 = 3, Echo6 = 128, EchoReply6 = 129;

    /// <summary>A request. The checksum of one for IPv6 is the kernel's, which knows the source.</summary>
    public static byte[] Request(ushort id, ushort sequence, bool v4)
    {
        var message = new byte[Length];
        message[0] = v4 ? Echo4 : Echo6;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        if (v4) BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum.Of(message));
        return message;
    }

    /// <summary>Reads an IPv4 packet, as raw sockets have it; false when it is nothing of an echo.</summary>
    public static bool TryParse4(ReadOnlySpan<byte> packet, out EchoPacket echo)
    {
        echo = null!;
        if (!TryPayload4(packet, out var message) || message.Length < Length) return false;
        if (message[0] == EchoReply4) return Make(message, null, out echo);
        return message[0] is Unreachable4 or Exceeded4 && TryPayload4(message[8..], out var cause) && cause.Length >= Length && cause[0] == Echo4
            && Make(cause, message[0] == Exceeded4 ? "time to live exceeded" : Reason4(message[1]), out echo);
    }

    /// <summary>Reads an ICMPv6 message, as raw sockets have it; false when it is nothing of an echo.</summary>
    public static bool TryParse6(ReadOnlySpan<byte> message, out EchoPacket echo)
    {
        echo = null!;
        if (message.Length < Length) return false;
        if (message[0] == EchoReply6) return Make(message, null, out echo);
        const int Header = 40;
        return message[0] is Unreachable6 or Exceeded6 && message.Length >= Length + Header + Length && message[8] >> 4 == 6
            && message[8 + 6] == NdPacket.ICMPV6 && message[8 + Header] == Echo6
            && Make(message[(8 + Header)..], message[0] == Exceeded6 ? "hop limit exceeded" : Reason6(message[1]), out echo);
    }

    private static bool TryPayload4(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var header = packet.IsEmpty || packet[0] >> 4 != 4 ? 0 : (packet[0] & 15) * 4;
        if (header < 20 || packet.Length < header || packet[9] != Icmp) return false;
        payload = packet[header..];
        return true;
    }

    private static bool Make(ReadOnlySpan<byte> message, string? fault, out EchoPacket echo)
    {
        echo = new(BinaryPrimitives.ReadUInt16BigEndian(message[4..]), BinaryPrimitives.ReadUInt16BigEndian(message[6..]), fault);
        return true;
    }

    private static string Reason4(byte code) => code switch
    {
        0 => "network unreachable",
        1 => "host unreachable",
        9 or 10 or 13 => "prohibited by a filter",
        _ => $"unreachable (code {code})",
    };

    private static string Reason6(byte code) => code switch
    {
        0 => "no route",
        1 => "prohibited by a filter",
        3 => "address unreachable",
        _ => $"unreachable (code {code})",
    };
}
