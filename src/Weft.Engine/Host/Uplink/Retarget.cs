using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Engine.Host.Uplink;

/// <summary>One end of a move.</summary>
internal readonly record struct End(int Index, string Name);

/// <summary>Makes of an object on one link the same object on another. Pure.</summary>
internal static class Retarget
{
    private const int IfNameMax = 15;

    /// <summary>True when a route leaves by the link, alone or as one of several nexthops.</summary>
    internal static bool Uses(RtObject route, int index) =>
        route.U32(Rta.OIF) == index || Nexthops(route).Any(h => h.Index == index);

    /// <summary>The object as it is to be on the other link, without what the kernel adds in dumps and refuses or ignores in requests.</summary>
    internal static RtObject To(RtObject o, End from, End to) => o.Type switch
    {
        Rtm.NEWADDR => Address(o, from, to),
        Rtm.NEWROUTE => Route(o, from, to),
        Rtm.NEWRULE => Rule(o, from, to),
        Rtm.NEWNEXTHOP => Nexthop(o, to),
        _ => Neighbour(o, to),
    };

    /// <summary>The object as a request to remove it says it.</summary>
    internal static RtObject Request(RtObject o, End on) => To(o, on, on);

    /// <summary>Addresses are the same when family, length, local and peer are.</summary>
    internal static string AddressKey(RtObject a) =>
        $"{a.Family}/{a.Header[1]} {Hex(a.Find(Ifa.LOCAL) ?? a.Find(Ifa.ADDRESS))} {Hex(a.Find(Ifa.ADDRESS))}";

    /// <summary>The identity of a route apart from its lifetime.</summary>
    internal static string RouteKey(RtObject r) =>
        (r with { Attributes = [.. r.Attributes.Where(a => a.Type != Rta.EXPIRES).OrderBy(a => a.Type)] }).Identity;

    /// <summary>What tells the places of IPv4 routes apart: table, destination, TOS and metric. NLM_F_REPLACE goes to the first in a place.</summary>
    internal static string RoutePlace(RtObject r) => $"{r.Family} {r.Table} {Hex(r.Find(Rta.DST))}/{r.Header[1]} {r.Header[3]} {r.U32(Rta.PRIORITY)}";

    private static string Hex(byte[]? bytes) => bytes is null ? "" : Convert.ToHexString(bytes);

    private static RtObject Address(RtObject a, End from, End to)
    {
        var flags = (a.Find(Ifa.FLAGS) is null ? a.Header[2] : a.U32(Ifa.FLAGS)) & Ifa.Settable;
        var moved = a.With(Ifa.FLAGS, flags).WithHeader(h =>
        {
            h[2] = (byte)flags;
            MemoryMarshal.Write(h.AsSpan(4), to.Index);
        });
        return a.Find(Ifa.LABEL) is null ? moved : moved.With(Ifa.LABEL, Zero(Label(a.Text(Ifa.LABEL), from.Name, to.Name)));
    }

    /// <summary>"eth0:1" becomes "br0:1"; a label too long for the kernel becomes the link's name, as does one that names neither.</summary>
    internal static string Label(string label, string from, string to)
    {
        if (label != from && !label.StartsWith(from + ":", StringComparison.Ordinal)) return label.StartsWith(to, StringComparison.Ordinal) ? label : to;
        var moved = to + label[from.Length..];
        return moved.Length <= IfNameMax ? moved : to;
    }

    private static RtObject Route(RtObject r, End from, End to)
    {
        var moved = r.Without(Rta.CACHEINFO, Rta.PAD, Rta.UID, Rta.IIF).WithHeader(h => Mask(h.AsSpan(8), Rta.SettableFlags));
        if (Expires(r) is > 0 and var seconds) moved = moved.With(Rta.EXPIRES, (uint)seconds);
        if (r.Find(Rta.NH_ID) is not null) return moved.Without(Rta.OIF, Rta.GATEWAY, Rta.VIA, Rta.MULTIPATH);
        if (r.Find(Rta.OIF) is not null) return r.U32(Rta.OIF) == from.Index ? moved.With(Rta.OIF, (uint)to.Index) : moved;
        return r.Find(Rta.MULTIPATH) is { } m ? moved.With(Rta.MULTIPATH, Multipath(m, from, to)) : moved;
    }

    /// <summary>rta_cacheinfo.rta_expires is in clock ticks of 1/100 s; RTA_EXPIRES in a request is in seconds.</summary>
    private static int Expires(RtObject r) => r.IsV6 && r.Find(Rta.CACHEINFO) is { Length: >= 12 } c ? MemoryMarshal.Read<int>(c.AsSpan(8)) / 100
        : (int)r.U32(Rta.EXPIRES);

    /// <summary>struct rtnexthop is length (u16), flags (u8), hops (u8), ifindex, attributes.</summary>
    private static byte[] Multipath(byte[] m, End from, End to)
    {
        var moved = (byte[])m.Clone();
        for (var i = 0; i + 8 <= m.Length; i += Align(Length(m, i)))
        {
            moved[i + 2] &= (byte)Rta.SettableFlags;
            if (MemoryMarshal.Read<int>(m.AsSpan(i + 4)) == from.Index) MemoryMarshal.Write(moved.AsSpan(i + 4), to.Index);
        }
        return moved;
    }

    /// <summary>
    /// The nexthops of an IPv6 route, each as the route of its own that it is to the kernel, which shows them as one. Those of other links stay where they
    /// are. A weight can only be said in the form of several.
    /// </summary>
    internal static IEnumerable<RtObject> Split(RtObject route)
    {
        if (!route.IsV6 || route.Find(Rta.NH_ID) is not null || route.Find(Rta.MULTIPATH) is not { } m) return [route];
        return Nexthops(route).Select(h => m[h.At + 3] != 0 ? route.With(Rta.MULTIPATH, Hop(m, h.At)) : Single(route, Hop(m, h.At)));
    }

    private static byte[] Hop(byte[] m, int at) => m.AsSpan(at, Math.Min(Align(Length(m, at)), m.Length - at)).ToArray();

    private static RtObject Single(RtObject route, byte[] hop)
    {
        var single = route.Without(Rta.MULTIPATH).WithHeader(h => h[8] |= hop[2]);
        foreach (var a in new Weft.Linux.Netlink.NetlinkReader(hop.AsSpan(8))) single = single.With(a.Type, a.Payload.ToArray());
        return single.With(Rta.OIF, hop.AsSpan(4, 4).ToArray());
    }

    private static IEnumerable<(int Index, int At)> Nexthops(RtObject route)
    {
        if (route.Find(Rta.MULTIPATH) is not { } m) yield break;
        for (var i = 0; i + 8 <= m.Length; i += Align(Length(m, i)))
            yield return (MemoryMarshal.Read<int>(m.AsSpan(i + 4)), i);
    }

    /// <summary>nhm_scope must be zero in a request; of the flags only those that a user may set.</summary>
    private static RtObject Nexthop(RtObject n, End to) => n.With(Nha.OIF, (uint)to.Index).WithHeader(h =>
    {
        h[1] = 0;
        Mask(h.AsSpan(4), Rta.SettableFlags);
    });

    private static RtObject Rule(RtObject r, End from, End to)
    {
        var moved = r.Without(Fra.PAD).WithHeader(h => Mask(h.AsSpan(8), Fra.SettableFlags));
        foreach (var type in new[] { Fra.IIFNAME, Fra.OIFNAME })
            if (r.Text(type) == from.Name) moved = moved.With(type, Zero(to.Name));
        return moved;
    }

    /// <summary>A neighbour that was found on the wire is known but unconfirmed on the other link: the kernel confirms it while using it.</summary>
    private static RtObject Neighbour(RtObject n, End to) => n.Without(Nda.CACHEINFO, Nda.PROBES).WithHeader(h =>
    {
        MemoryMarshal.Write(h.AsSpan(4), to.Index);
        var state = MemoryMarshal.Read<ushort>(h.AsSpan(8));
        if ((h[10] & Nda.NTF_PROXY) == 0 && (state & Nda.NUD_PERMANENT) == 0) MemoryMarshal.Write(h.AsSpan(8), Nda.NUD_STALE);
    });

    private static int Length(byte[] m, int i) => Math.Max(8, (int)MemoryMarshal.Read<ushort>(m.AsSpan(i)));

    private static int Align(int n) => (n + 3) & ~3;

    private static void Mask(Span<byte> at, uint mask) => MemoryMarshal.Write(at, MemoryMarshal.Read<uint>(at) & mask);

    private static byte[] Zero(string s) => Encoding.UTF8.GetBytes(s + "\0");
}
