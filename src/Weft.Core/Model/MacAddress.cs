using System.Globalization;
using System.Net;

namespace Weft.Core.Model;

/// <summary>An Ethernet address (IEEE 802, EUI-48).</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>True for a group address (multicast or broadcast).</summary>
    public bool IsMulticast => ((Value >> 40) & 1) != 0;

    /// <summary>True when locally administered.</summary>
    public bool IsLocal => ((Value >> 40) & 2) != 0;

    /// <summary>The six bytes.</summary>
    public byte[] Bytes => [(byte)(Value >> 40), (byte)(Value >> 32), (byte)(Value >> 24), (byte)(Value >> 16), (byte)(Value >> 8), (byte)Value];

    /// <summary>The address that a machine with this MAC makes itself in a /64 (modified EUI-64, RFC 4291 appendix A).</summary>
    public IPAddress Eui64(IpPrefix prefix)
    {
        var id = (Value >> 24 << 40) | (0xfffeUL << 24) | (Value & 0xffffff);
        return IpPrefix.FromNumber(prefix.First | (id ^ (2UL << 56)), v4: false);
    }

    /// <summary>From six bytes.</summary>
    public static MacAddress From(ReadOnlySpan<byte> b)
    {
        ulong v = 0;
        foreach (var x in b[..6]) v = (v << 8) | x;
        return new(v);
    }

    /// <summary>Reads "52:54:00:12:34:56", in upper or lower case.</summary>
    public static bool TryParse(string? text, out MacAddress mac)
    {
        mac = default;
        var parts = text?.Split(':');
        if (parts is not { Length: 6 }) return false;
        ulong v = 0;
        foreach (var p in parts)
        {
            if (p.Length != 2 || !byte.TryParse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b)) return false;
            v = (v << 8) | b;
        }
        mac = new(v);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}");
}
