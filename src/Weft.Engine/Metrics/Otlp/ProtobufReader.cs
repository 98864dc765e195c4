using System.Buffers.Binary;

namespace Weft.Engine.Metrics.Otlp;

/// <summary>A field of a message as it lies on the wire.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Value">Its value when it is a number; the bits of a fixed one.</param>
/// <param name="Bytes">Its content when it is a text or message.</param>
internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

/// <summary>Reads protocol buffers that somebody else wrote.</summary>
internal static class ProtobufReader
{
    /// <summary>The fields of a message, in order.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static IEnumerable<ProtobufField> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var number = tag >> 3 is var n && n is > 0 and <= 0x1fffffff ? (int)n : throw new InvalidDataException($"no protobuf: field {tag >> 3}");
            yield return (tag & 7) switch
            {
                0 => new(number, Varint(message.Span, ref at), default),
                1 => new(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(message, ref at, 8).Span), default),
                2 => new(number, 0, Take(message, ref at, Varint(message.Span, ref at))),
                5 => new(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(message, ref at, 4).Span), default),
                var type => throw new InvalidDataException($"no protobuf: wire type {type}"),
            };
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length) break;
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new InvalidDataException("no protobuf: a number does not end");
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ref int at, ulong length)
    {
        if (length > (ulong)(message.Length - at)) throw new InvalidDataException("no protobuf: a field is longer than its message");
        at += (int)length;
        return message.Slice(at - (int)length, (int)length);
    }
}
