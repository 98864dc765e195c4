using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Weft.Linux.Route;

/// <summary>A 48-bit Ethernet address (IEEE 802).</summary>
public readonly record struct MacAddress
{
    private readonly ulong _value;

    /// <summary>Makes an address of its six bytes.</summary>
    /// <exception cref="ArgumentException">Not six bytes.</exception>
    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 6) throw new ArgumentException($"a MAC address has 6 bytes, not {bytes.Length}", nameof(bytes));
        _value = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
    }

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast { get; } = new([255, 255, 255, 255, 255, 255]);

    /// <summary>Whether it is for a group of receivers (the lowest bit of the first byte).</summary>
    public bool IsMulticast => (_value >> 40 & 1) != 0;

    /// <summary>Reads six hexadecimal bytes parted by colons or hyphens.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var mac) ? mac : throw new FormatException($"'{text}' is no MAC address: six bytes as in 02:00:5e:10:00:01");

    /// <summary>Reads six hexadecimal bytes parted by colons or hyphens.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress mac)
    {
        mac = default;
        if (text is not { Length: 17 }) return false;
        Span<byte> bytes = stackalloc byte[6];
        for (var i = 0; i < 6; i++)
        {
            if (i > 0 && text[3 * i - 1] is not (':' or '-')) return false;
            if (!byte.TryParse(text.AsSpan(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])) return false;
        }
        mac = new MacAddress(bytes);
        return true;
    }

    /// <summary>Writes the six bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(_value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)_value);
    }

    /// <summary>The six bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[6];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Six hexadecimal bytes in lower case, parted by colons.</summary>
    public override string ToString()
    {
        Span<byte> b = stackalloc byte[6];
        CopyTo(b);
        return $"{b[0]:x2}:{b[1]:x2}:{b[2]:x2}:{b[3]:x2}:{b[4]:x2}:{b[5]:x2}";
    }
}
