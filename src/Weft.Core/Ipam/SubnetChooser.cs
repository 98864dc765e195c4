using System.Net;
using Weft.Core.Model;

namespace Weft.Core.Ipam;

/// <summary>Finds subnets that nothing on the host or near it uses (U23).</summary>
public sealed class SubnetChooser
{
    private readonly List<(UInt128 First, UInt128 Last)> _used4 = [];
    private readonly List<(UInt128 First, UInt128 Last)> _used6 = [];

    /// <summary>Starts with what the host shows: addresses, routes, neighbours; those of <paramref name="ownLinks"/> are left out.</summary>
    public SubnetChooser(HostModel host, IReadOnlySet<string> ownLinks)
    {
        foreach (var a in host.Addresses.Where(a => !ownLinks.Contains(a.Link))) Take(a.Address);
        foreach (var r in host.Routes.Where(r => r.Destination.Length > 0 && (r.Link is null || !ownLinks.Contains(r.Link)))) Take(r.Destination);
        foreach (var n in host.Neighbours) Take(new IpPrefix(n, n.GetAddressBytes().Length * 8));
    }

    /// <summary>Marks a network as in use.</summary>
    public void Take(IpPrefix prefix) => (prefix.IsV4 ? _used4 : _used6).Add((prefix.First, prefix.Last));

    /// <summary>True when nothing in use lies in it.</summary>
    public bool IsFree(IpPrefix prefix)
    {
        var (first, last) = (prefix.First, prefix.Last);
        foreach (var used in prefix.IsV4 ? _used4 : _used6)
            if (used.First <= last && first <= used.Last) return false;
        return true;
    }

    /// <summary>
    /// The first free /24 of 10.0.0.0/8 in an order that depends on <paramref name="identity"/> alone, so that two hosts differ and the
    /// same host repeats itself; null when all 65,536 are in use.
    /// </summary>
    public IpPrefix? NextV4(string identity)
    {
        var hash = StableHash.Of(identity);
        var (start, step) = ((uint)(hash & 0xffff), (uint)((hash >> 16) & 0xffff) | 1);
        for (uint i = 0; i < 0x10000; i++)
        {
            var third = (start + (i * step)) & 0xffff;
            var candidate = new IpPrefix(new IPAddress([10, (byte)(third >> 8), (byte)third, 0]), 24);
            if (!IsFree(candidate)) continue;
            Take(candidate);
            return candidate;
        }
        return null;
    }

    /// <summary>A unique local /64: fd, 40 random bits, 16 bits of subnet (RFC 4193).</summary>
    public IpPrefix NextV6(RandomBytes random)
    {
        var bytes = new byte[16];
        while (true)
        {
            random(bytes.AsSpan(1, 7));
            bytes[0] = 0xfd;
            var candidate = new IpPrefix(new IPAddress(bytes), 64);
            if (!IsFree(candidate)) continue;
            Take(candidate);
            return candidate;
        }
    }
}
