using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Core.Model;

/// <summary>An address with a prefix length; host bits are kept (10.0.0.1/24 is an address on a network).</summary>
public readonly record struct IpPrefix(IPAddress Address, int Length)
{
    private static readonly SearchValues<char> AddressChars = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>32 or 128.</summary>
    public int Bits => Address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>True for IPv4.</summary>
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>The same network with the host bits cleared.</summary>
    public IpPrefix Network => new(FromNumber(ToNumber(Address) & ~HostMask, IsV4), Length);

    /// <summary>The first address of the network as a number.</summary>
    public UInt128 First => ToNumber(Address) & ~HostMask;

    /// <summary>The last address of the network as a number.</summary>
    public UInt128 Last => First | HostMask;

    // Shifted down, not up: a shift by 128 is a shift by 0.
    private UInt128 HostMask => Bits == Length ? 0 : UInt128.MaxValue >> (128 - (Bits - Length));

    /// <summary>True when the address lies in the network.</summary>
    public bool Contains(IPAddress a) => a.AddressFamily == Address.AddressFamily && ToNumber(a) >= First && ToNumber(a) <= Last;

    /// <summary>True when the two networks share an address.</summary>
    public bool Overlaps(IpPrefix o) => IsV4 == o.IsV4 && First <= o.Last && o.First <= Last;

    /// <summary>The n-th address of the network; negative counts back from behind the last.</summary>
    public IPAddress Nth(Int128 n) => FromNumber(n >= 0 ? First + (UInt128)n : Last + 1 - (UInt128)(-n), IsV4);

    /// <summary>Reads "10.0.0.0/24" or "fd00::/64"; a bare address is a /32 or /128.</summary>
    public static bool TryParse(string? text, out IpPrefix prefix)
    {
        prefix = default;
        if (text is null) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (!TryParseAddress(address, out var ip)) return false;
        var bits = ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits)) return false;
        prefix = new IpPrefix(ip, length);
        return true;
    }

    /// <summary>Reads an address strictly: four decimal parts for IPv4 (no octal, no short forms), no scope for IPv6.</summary>
    public static bool TryParseAddress(string? text, out IPAddress address)
    {
        address = IPAddress.None;
        // IPAddress takes brackets, a port behind them, scopes and prefix lengths as well, and drops some of them without a word.
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAnyExcept(AddressChars) || !IPAddress.TryParse(text, out var ip)) return false;
        if (ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() != text) return false;
        address = ip;
        return true;
    }

    /// <summary>Reads a prefix.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IpPrefix Parse(string text) => TryParse(text, out var p) ? p : throw new FormatException($"'{text}' is no address or network");

    /// <summary>The address as a number.</summary>
    public static UInt128 ToNumber(IPAddress a)
    {
        Span<byte> bytes = stackalloc byte[16];
        a.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress FromNumber(UInt128 n, bool v4)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, n);
        return new IPAddress(v4 ? bytes[12..] : bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{Length}";
}
