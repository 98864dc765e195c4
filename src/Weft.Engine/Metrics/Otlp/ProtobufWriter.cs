using System.Buffers.Binary;
using System.Text;

namespace Weft.Engine.Metrics.Otlp;

/// <summary>Writes protocol buffers (protobuf.dev/programming-guides/encoding): fields by number, messages within messages.</summary>
internal sealed class ProtobufWriter
{
    private const int LENGTH_DELIMITED = 2, FIXED64 = 1, VARINT = 0; // wire types
    private const int LengthBytes = 5; // room for the length of a message that is not written yet: a varint may have more bytes than it needs
    private byte[] _buffer = new byte[4096];
    private int _at;

    /// <summary>What was written.</summary>
    internal ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _at);

    internal void Text(int field, string value)
    {
        if (value.Length == 0) return; // the default is not written
        Tag(field, LENGTH_DELIMITED);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        var n = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, Room(n));
        _at += n;
    }

    internal void Number(int field, ulong value)
    {
        Tag(field, VARINT);
        Varint(value);
    }

    internal void Fixed64(int field, ulong value)
    {
        Tag(field, FIXED64);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        _at += sizeof(ulong);
    }

    internal void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A message; its fields are what the action writes.</summary>
    internal void Message(int field, Action content)
    {
        Tag(field, LENGTH_DELIMITED);
        Room(LengthBytes);
        var start = _at += LengthBytes;
        content();
        var length = (uint)(_at - start);
        for (var i = 0; i < LengthBytes; i++) _buffer[start - LengthBytes + i] = (byte)((length >> 7 * i & 0x7f) | (i < LengthBytes - 1 ? 0x80u : 0));
    }

    private void Tag(int field, int type) => Varint((ulong)(field << 3 | type));

    private void Varint(ulong value)
    {
        var room = Room(10);
        var n = 0;
        for (; value >= 0x80; value >>= 7) room[n++] = (byte)(value | 0x80);
        room[n++] = (byte)value;
        _at += n;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _at < bytes) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _at + bytes));
        return _buffer.AsSpan(_at, bytes);
    }
}
