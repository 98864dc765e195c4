using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Linux.Netlink;

/// <summary>
/// Builds one or more netlink messages in one growing buffer: struct nlmsghdr, a family header, attributes
/// (RFC 3549; linux/netlink.h). Everything is padded to four bytes.
/// </summary>
public sealed class NetlinkWriter
{
    /// <summary>Length of struct nlmsghdr.</summary>
    public const int HeaderLength = 16;
    private byte[] _buffer;
    private int _length;
    private int _message = -1;
    private readonly List<int> _offsets = [];

    /// <summary>Makes an empty writer.</summary>
    /// <param name="capacity">Bytes to begin with; it grows as needed.</param>
    public NetlinkWriter(int capacity = 4096) => _buffer = new byte[capacity];

    /// <summary>What was written so far; valid until the next write.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>How many messages were begun.</summary>
    public int Count => _offsets.Count;

    /// <summary>Where each message begins.</summary>
    public IReadOnlyList<int> Offsets => _offsets;

    /// <summary>Forgets all messages and keeps the buffer.</summary>
    public void Clear()
    {
        _length = 0;
        _message = -1;
        _offsets.Clear();
    }

    /// <summary>Begins a message; its length is set by <see cref="End"/>, its sequence number by the socket.</summary>
    /// <param name="type">nlmsg_type.</param>
    /// <param name="flags">nlmsg_flags, without NLM_F_ACK: the socket decides which message is acknowledged.</param>
    public NetlinkWriter Begin(ushort type, ushort flags)
    {
        _message = _length;
        _offsets.Add(_length);
        var header = Take(HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        return this;
    }

    /// <summary>Ends the message begun last and writes its length.</summary>
    public void End()
    {
        MemoryMarshal.Write(_buffer.AsSpan(_message), (uint)(_length - _message));
        _message = -1;
    }

    /// <summary>Writes a fixed structure (ifinfomsg, nfgenmsg...), padded to four bytes.</summary>
    public NetlinkWriter Struct<T>(in T value) where T : unmanaged
    {
        MemoryMarshal.Write(Take(Align(Unsafe.SizeOf<T>())), value);
        return this;
    }

    /// <summary>Writes an attribute with a raw payload.</summary>
    /// <exception cref="ArgumentException">The payload is longer than nla_len (16 bits) can say.</exception>
    public NetlinkWriter Put(ushort type, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > ushort.MaxValue - 4)
            throw new ArgumentException($"attribute {type}: {payload.Length} bytes do not fit a netlink attribute", nameof(payload));
        var span = Take(Align(4 + payload.Length));
        MemoryMarshal.Write(span, (ushort)(4 + payload.Length));
        MemoryMarshal.Write(span[2..], type);
        payload.CopyTo(span[4..]);
        return this;
    }

    /// <summary>Writes an attribute of one byte.</summary>
    public NetlinkWriter PutU8(ushort type, byte value) => Put(type, [value]);

    /// <summary>Writes an attribute in the host's byte order, as rtnetlink has it (u16, u32, u64, structures).</summary>
    public NetlinkWriter PutHost<T>(ushort type, in T value) where T : unmanaged =>
        Put(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Writes a u16 in the host's byte order.</summary>
    public NetlinkWriter PutU16(ushort type, ushort value) => PutHost(type, value);

    /// <summary>Writes a u32 in the host's byte order.</summary>
    public NetlinkWriter PutU32(ushort type, uint value) => PutHost(type, value);

    /// <summary>Writes a u16 in network byte order.</summary>
    public NetlinkWriter PutBe16(ushort type, ushort value) => PutHost(type, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Writes a u32 in network byte order, as nf_tables has its integers.</summary>
    public NetlinkWriter PutBe32(ushort type, uint value) => PutHost(type, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Writes a u64 in network byte order, as nf_tables has its integers.</summary>
    public NetlinkWriter PutBe64(ushort type, ulong value) => PutHost(type, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Writes a string with its closing zero.</summary>
    public NetlinkWriter PutString(ushort type, string value)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(value.Length) + 1];
        var n = Encoding.UTF8.GetBytes(value, bytes);
        bytes[n] = 0;
        return Put(type, bytes[..(n + 1)]);
    }

    /// <summary>Writes an IPv4 or IPv6 address.</summary>
    public NetlinkWriter PutAddress(ushort type, IPAddress value) => Put(type, value.GetAddressBytes());

    /// <summary>Writes an attribute without payload.</summary>
    public NetlinkWriter PutFlag(ushort type) => Put(type, []);

    /// <summary>Begins a nested attribute; give the returned mark to <see cref="EndNest"/>.</summary>
    /// <param name="type">Attribute type; or in NLA_F_NESTED (0x8000) where the kernel's parser wants it (nf_tables does).</param>
    public int BeginNest(ushort type)
    {
        var mark = _length;
        MemoryMarshal.Write(Take(4)[2..], type);
        return mark;
    }

    /// <summary>Begins a structure whose first 16 bits are its length with the attributes after it (struct rtnexthop).</summary>
    /// <returns>The mark to give to <see cref="EndNest"/>.</returns>
    public int BeginStruct<T>(in T value) where T : unmanaged
    {
        var mark = _length;
        Struct(value);
        return mark;
    }

    /// <summary>Ends a nested attribute and writes its length.</summary>
    /// <exception cref="InvalidOperationException">The nest is longer than nla_len (16 bits) can say.</exception>
    public void EndNest(int mark)
    {
        if (_length - mark > ushort.MaxValue)
            throw new InvalidOperationException($"a nested attribute of {_length - mark} bytes does not fit 16 bits");
        MemoryMarshal.Write(_buffer.AsSpan(mark), (ushort)(_length - mark));
    }

    private static int Align(int n) => (n + 3) & ~3;

    private Span<byte> Take(int n)
    {
        if (_length + n > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + n));
        var span = _buffer.AsSpan(_length, n);
        span.Clear();
        _length += n;
        return span;
    }
}
