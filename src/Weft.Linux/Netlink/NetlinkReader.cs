using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Linux.Netlink;

/// <summary>One attribute: its type without flag bits, and its payload.</summary>
public readonly ref struct NetlinkAttribute
{
    internal NetlinkAttribute(ushort type, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Payload = payload;
    }

    /// <summary>nla_type without NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    public ushort Type { get; }

    /// <summary>The bytes after the attribute header, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The payload as nested attributes.</summary>
    public NetlinkReader Nested => new(Payload);

    /// <summary>One byte. Zero when the payload is too short.</summary>
    public byte U8 => Payload.IsEmpty ? (byte)0 : Payload[0];

    /// <summary>A u16 in the host's byte order; zero when the payload is too short.</summary>
    public ushort U16 => Host<ushort>();

    /// <summary>A u32 in the host's byte order; zero when the payload is too short.</summary>
    public uint U32 => Host<uint>();

    /// <summary>A u64 in the host's byte order; zero when the payload is too short.</summary>
    public ulong U64 => Host<ulong>();

    /// <summary>A u16 in network byte order.</summary>
    public ushort Be16 => BinaryPrimitives.ReverseEndianness(U16);

    /// <summary>A u32 in network byte order.</summary>
    public uint Be32 => BinaryPrimitives.ReverseEndianness(U32);

    /// <summary>A u64 in network byte order.</summary>
    public ulong Be64 => BinaryPrimitives.ReverseEndianness(U64);

    /// <summary>A string, without its closing zero.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.TrimEnd((byte)0));

    /// <summary>An IPv4 or IPv6 address.</summary>
    /// <exception cref="InvalidDataException">The payload has neither 4 nor 16 bytes.</exception>
    public IPAddress Address => Payload.Length is 4 or 16
        ? new IPAddress(Payload)
        : throw new InvalidDataException($"an address of {Payload.Length} bytes");

    /// <summary>A structure in the host's layout; the default when the payload is too short.</summary>
    public T Host<T>() where T : unmanaged => MemoryMarshal.TryRead(Payload, out T value) ? value : default;
}

/// <summary>Walks the attributes of a message or of a nest. Never reads outside the given bytes, whatever they say.</summary>
public ref struct NetlinkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads the attributes in these bytes.</summary>
    public NetlinkReader(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
        Current = default;
    }

    /// <summary>The attribute that <see cref="MoveNext"/> found.</summary>
    public NetlinkAttribute Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly NetlinkReader GetEnumerator() => this;

    /// <summary>Goes to the next attribute; false at the end, or where a length makes no sense.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < 4) return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length) return false;
        var type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & 0x3fff);
        Current = new NetlinkAttribute(type, _rest[4..length]);
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The first attribute of a type; an attribute with no payload when there is none.</summary>
    public readonly NetlinkAttribute Find(ushort type)
    {
        foreach (var a in this)
            if (a.Type == type) return a;
        return default;
    }
}
