using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>
/// How a subnet is divided: the host's own address, the addresses for declared machines, and those for machines that nobody declared.
/// IPv4: of the pool (all of the subnet unless the file says otherwise) the last quarter is for undeclared machines. IPv6: machines get
/// the first 65,535 addresses, undeclared ones the 65,536 after them, unless the file's pool or the prefix is smaller; then as IPv4.
/// </summary>
public sealed class SubnetLayout
{
    private readonly SubnetSpec _spec;
    private readonly UInt128 _poolFirst;
    private readonly UInt128 _poolLast;
    private readonly (UInt128 First, UInt128 Last)[] _excluded;

    /// <summary>Divides a subnet.</summary>
    /// <param name="spec">The subnet.</param>
    /// <param name="unknown">Whether undeclared machines get addresses.</param>
    public SubnetLayout(SubnetSpec spec, bool unknown)
    {
        _spec = spec;
        Prefix = spec.Prefix.Network;
        Gateway = spec.Gateway ?? IpPrefix.FromNumber(FirstUsable, Prefix.IsV4);
        _excluded = [.. spec.Exclude.Where(r => IsHere(r.First) && IsHere(r.Last)).Select(r => (IpPrefix.ToNumber(r.First), IpPrefix.ToNumber(r.Last)))];
        (_poolFirst, _poolLast) = Pool();
        Dynamic = unknown ? DynamicPart() : null;
    }

    /// <summary>The network, host bits cleared.</summary>
    public IpPrefix Prefix { get; }

    /// <summary>The host's own address.</summary>
    public IPAddress Gateway { get; }

    /// <summary>For undeclared machines; null when there is none.</summary>
    public AddressRange? Dynamic { get; }

    /// <summary>First address that automatic allocation looks at, as a number.</summary>
    public UInt128 FirstAutomatic => _poolFirst;

    /// <summary>Last address that automatic allocation looks at, as a number.</summary>
    public UInt128 LastAutomatic => _poolLast;

    private UInt128 FirstUsable => Prefix.First + (Prefix.Length >= Prefix.Bits - 1 ? 0u : 1u);

    private UInt128 LastUsable => Prefix.Last - (Prefix.IsV4 && Prefix.Length < 31 ? 1u : 0u);

    /// <summary>Why a machine may not have the address, or null when it may.</summary>
    public string? Refusal(IPAddress address)
    {
        var n = IpPrefix.ToNumber(address);
        if (!Prefix.Contains(address)) return $"is not in {Prefix}";
        if (n < FirstUsable || n > LastUsable) return $"is the network or broadcast address of {Prefix}";
        if (address.Equals(Gateway)) return "is the host's own address (gateway)";
        return ExcludedUntil(n) is null ? null : "is excluded";
    }

    /// <summary>True when a machine may have the address without asking for it by name.</summary>
    public bool IsAutomatic(UInt128 n) => n >= _poolFirst && n <= _poolLast && SkipFrom(n) is null;

    /// <summary>When the address must not be given out, the first one behind the block that says so; else null.</summary>
    public UInt128? SkipFrom(UInt128 n)
    {
        if (n == IpPrefix.ToNumber(Gateway)) return n + 1;
        if (ExcludedUntil(n) is { } last) return last + 1;
        if (Dynamic is { } d && n >= IpPrefix.ToNumber(d.First) && n <= IpPrefix.ToNumber(d.Last)) return IpPrefix.ToNumber(d.Last) + 1;
        return null;
    }

    /// <summary>How many addresses machines may have without asking for them by name.</summary>
    public UInt128 Automatic
    {
        get
        {
            if (_poolLast < _poolFirst) return 0;
            var (free, from) = (_poolLast - _poolFirst + 1, _poolFirst);
            foreach (var (first, last) in Blocks().Where(b => b.Last >= _poolFirst && b.First <= _poolLast).Order())
            {
                var (low, high) = (Max(first, from), Min(last, _poolLast));
                if (high < low) continue; // all of it is in blocks before
                free -= high - low + 1;
                from = high + 1;
            }
            return free;
        }
    }

    private IEnumerable<(UInt128 First, UInt128 Last)> Blocks()
    {
        yield return (IpPrefix.ToNumber(Gateway), IpPrefix.ToNumber(Gateway));
        if (Dynamic is { } d) yield return (IpPrefix.ToNumber(d.First), IpPrefix.ToNumber(d.Last));
        foreach (var block in _excluded) yield return block;
    }

    private bool IsHere(IPAddress a) => Prefix.IsV4 == new IpPrefix(a, 0).IsV4;

    private UInt128? ExcludedUntil(UInt128 n)
    {
        foreach (var (first, last) in _excluded)
            if (n >= first && n <= last) return last;
        return null;
    }

    private (UInt128, UInt128) Pool()
    {
        if (_spec.Pool is { } pool) return (Max(IpPrefix.ToNumber(pool.First), FirstUsable), Min(IpPrefix.ToNumber(pool.Last), LastUsable));
        return WideV6 ? (FirstUsable, Prefix.First + 0x1ffff) : (FirstUsable, LastUsable);
    }

    private bool WideV6 => !Prefix.IsV4 && _spec.Pool is null && Prefix.Length <= 108;

    private AddressRange? DynamicPart()
    {
        if (_poolLast < _poolFirst || _poolLast - _poolFirst < 3) return null;
        var quarter = WideV6 ? 0x10000 : (_poolLast - _poolFirst + 1) / 4;
        var (first, last) = LargestGap(_poolLast - quarter + 1, _poolLast);
        return first > last ? null : new AddressRange(IpPrefix.FromNumber(first, Prefix.IsV4), IpPrefix.FromNumber(last, Prefix.IsV4));
    }

    // A DHCP server's range has no holes: the largest part without an excluded address or the gateway is taken.
    private (UInt128 First, UInt128 Last) LargestGap(UInt128 from, UInt128 to)
    {
        var gateway = IpPrefix.ToNumber(Gateway);
        (UInt128 First, UInt128 Last) best = (1, 0);
        var start = from;
        foreach (var (first, last) in _excluded.Append((gateway, gateway)).Where(x => x.Item1 <= to && x.Item2 >= from).Order())
        {
            if (first > start) best = Longer(best, (start, first - 1));
            start = Max(start, last + 1);
        }
        return start <= to ? Longer(best, (start, to)) : best;
    }

    private static (UInt128 First, UInt128 Last) Longer((UInt128 First, UInt128 Last) a, (UInt128 First, UInt128 Last) b) =>
        a.Last >= a.First && a.Last - a.First >= b.Last - b.First ? a : b;

    private static UInt128 Max(UInt128 a, UInt128 b) => a > b ? a : b;

    private static UInt128 Min(UInt128 a, UInt128 b) => a < b ? a : b;
}
