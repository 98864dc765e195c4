using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Linux.Netlink;

namespace Weft.Engine.Host.Uplink;

/// <summary>Message types of linux/rtnetlink.h that make what moves with a NIC; RTM_DEL* is one more, RTM_GET* two more.</summary>
internal static class Rtm
{
    internal const ushort NEWLINK = 16, SETLINK = 19, NEWADDR = 20, NEWROUTE = 24, NEWNEIGH = 28, NEWRULE = 32, NEWNEXTHOP = 104;

    /// <summary>Length of the family header (ifaddrmsg, rtmsg, ndmsg, fib_rule_hdr, nhmsg, ifinfomsg).</summary>
    internal static int HeaderLength(ushort type) => type switch
    {
        NEWADDR or NEWNEXTHOP => 8,
        NEWLINK or SETLINK => 16,
        _ => 12,
    };
}

/// <summary>One attribute as the kernel gave it: type without flag bits, payload without padding.</summary>
internal sealed record RtAttribute(ushort Type, byte[] Payload);

/// <summary>
/// An address, route, rule, neighbour or nexthop just as the kernel dumped it. Attributes that are not understood here are kept, so that what moves
/// from one link to another loses nothing.
/// </summary>
/// <param name="Type">RTM_NEW*.</param>
/// <param name="Header">The family header.</param>
/// <param name="Attributes">In the kernel's order.</param>
internal sealed record RtObject(ushort Type, byte[] Header, ImmutableArray<RtAttribute> Attributes)
{
    /// <summary>AF_INET or AF_INET6.</summary>
    internal byte Family => Header[0];

    internal bool IsV6 => Family == 10;

    /// <summary>The bytes that tell two objects apart; equal for equal objects.</summary>
    internal string Identity => Convert.ToHexString(Bytes());

    internal static RtObject Parse(ushort type, ReadOnlySpan<byte> payload)
    {
        var n = Rtm.HeaderLength(type);
        if (payload.Length < n) throw new InvalidDataException($"a message of type {type} has {payload.Length} bytes; its header alone has {n}");
        var attributes = ImmutableArray.CreateBuilder<RtAttribute>();
        foreach (var a in new NetlinkReader(payload[n..])) attributes.Add(new(a.Type, a.Payload.ToArray()));
        return new(type, payload[..n].ToArray(), attributes.ToImmutable());
    }

    internal byte[]? Find(ushort type) => Attributes.FirstOrDefault(a => a.Type == type)?.Payload;

    internal uint U32(ushort type) => Find(type) is { Length: >= 4 } p ? MemoryMarshal.Read<uint>(p) : 0;

    internal string Text(ushort type) => Find(type) is { } p ? System.Text.Encoding.UTF8.GetString(p).TrimEnd('\0') : "";

    internal IPAddress? Address(ushort type) => Find(type) is { Length: 4 or 16 } p ? new IPAddress(p) : null;

    internal RtObject Without(params ushort[] types) => this with { Attributes = [.. Attributes.Where(a => !types.Contains(a.Type))] };

    /// <summary>Replaces an attribute in its place, or adds it at the end.</summary>
    internal RtObject With(ushort type, byte[] payload)
    {
        var at = -1;
        for (var i = 0; i < Attributes.Length; i++) if (Attributes[i].Type == type) at = i;
        var a = new RtAttribute(type, payload);
        return this with { Attributes = at < 0 ? Attributes.Add(a) : Attributes.SetItem(at, a) };
    }

    internal RtObject With(ushort type, uint value) => With(type, BitConverter.GetBytes(value));

    internal RtObject WithHeader(Action<byte[]> change)
    {
        var header = (byte[])Header.Clone();
        change(header);
        return this with { Header = header };
    }

    internal uint HeaderU32(int at) => MemoryMarshal.Read<uint>(Header.AsSpan(at));

    /// <summary>Writes the message that makes it, or with <paramref name="offset"/> 1 the one that removes it.</summary>
    internal void Write(NetlinkWriter writer, ushort flags, ushort offset = 0)
    {
        writer.Begin((ushort)(Type + offset), (ushort)(Nlm.F_REQUEST | flags));
        foreach (var word in MemoryMarshal.Cast<byte, uint>(Header.AsSpan())) writer.Struct(word);
        foreach (var a in Attributes) writer.Put(a.Type, a.Payload);
        writer.End();
    }

    /// <summary>Header and attributes as in a message; for the store.</summary>
    internal byte[] Bytes()
    {
        var writer = new NetlinkWriter(256);
        Write(writer, 0);
        return writer.Written[NetlinkWriter.HeaderLength..].ToArray();
    }

    /// <summary>As a person would name it in an error.</summary>
    internal string Describe() => Type switch
    {
        Rtm.NEWADDR => $"address {Address(Ifa.LOCAL) ?? Address(Ifa.ADDRESS)}/{Header[1]}",
        Rtm.NEWROUTE => $"route {Destination()}{(Address(Rta.GATEWAY) is { } g ? $" via {g}" : "")} table {Table}",
        Rtm.NEWRULE => $"policy rule {U32(Fra.PRIORITY)}{Named("iif", Fra.IIFNAME)}{Named("oif", Fra.OIFNAME)}",
        Rtm.NEWNEIGH => $"neighbour {Address(Nda.DST)}",
        Rtm.NEWNEXTHOP => $"nexthop object {U32(Nha.ID)}",
        _ => "link",
    };

    /// <summary>Table of a route: RTA_TABLE, or rtm_table where that suffices.</summary>
    internal uint Table => Find(Rta.TABLE) is null ? Header[4] : U32(Rta.TABLE);

    private string Destination() => Find(Rta.DST) is { } d ? $"{new IPAddress(d)}/{Header[1]}" : IsV6 ? "default (IPv6)" : "default";

    private string Named(string what, ushort type) => Text(type) is { Length: > 0 } name ? $" {what} {name}" : "";
}

/// <summary>IFA_* (linux/if_addr.h).</summary>
internal static class Ifa
{
    internal const ushort ADDRESS = 1, LOCAL = 2, LABEL = 3, CACHEINFO = 6, FLAGS = 8, RT_PRIORITY = 9, PROTO = 11;
    internal const uint F_SECONDARY = 0x01, F_NODAD = 0x02, F_OPTIMISTIC = 0x04, F_HOMEADDRESS = 0x10, F_TENTATIVE = 0x40, F_PERMANENT = 0x80,
        F_MANAGETEMPADDR = 0x100, F_NOPREFIXROUTE = 0x200, F_MCAUTOJOIN = 0x400, F_STABLE_PRIVACY = 0x800;
    /// <summary>Flags that a user may set.</summary>
    internal const uint Settable = F_NODAD | F_OPTIMISTIC | F_HOMEADDRESS | F_MANAGETEMPADDR | F_NOPREFIXROUTE | F_MCAUTOJOIN;
    /// <summary>IFAPROT_KERNEL_LL: made by the kernel for the link itself.</summary>
    internal const byte PROTO_KERNEL_LL = 3;
}

/// <summary>RTA_*, RTN_*, RTPROT_* (linux/rtnetlink.h).</summary>
internal static class Rta
{
    internal const ushort DST = 1, IIF = 3, OIF = 4, GATEWAY = 5, PRIORITY = 6, PREFSRC = 7, MULTIPATH = 9, CACHEINFO = 12, TABLE = 15, VIA = 18,
        EXPIRES = 23, PAD = 24, UID = 25, NH_ID = 30;
    internal const byte PROTO_KERNEL = 2, PROTO_RA = 9, PROTO_DHCP = 16, TYPE_UNICAST = 1;
    internal const uint TABLE_LOCAL = 255;
    /// <summary>RTNH_F_ONLINK and RTNH_F_PERVASIVE; the others are the kernel's own findings.</summary>
    internal const uint SettableFlags = 4 | 2;
}

/// <summary>FRA_* (linux/fib_rules.h).</summary>
internal static class Fra
{
    internal const ushort IIFNAME = 3, PRIORITY = 6, OIFNAME = 17, PAD = 18;
    /// <summary>FIB_RULE_PERMANENT and FIB_RULE_INVERT.</summary>
    internal const uint SettableFlags = 1 | 2;
}

/// <summary>NDA_*, NUD_*, NTF_* (linux/neighbour.h).</summary>
internal static class Nda
{
    internal const ushort DST = 1, LLADDR = 2, CACHEINFO = 3, PROBES = 4;
    internal const ushort NUD_REACHABLE = 0x02, NUD_STALE = 0x04, NUD_DELAY = 0x08, NUD_PROBE = 0x10, NUD_PERMANENT = 0x80;
    internal const byte NTF_PROXY = 0x08;
}

/// <summary>NHA_* (linux/nexthop.h).</summary>
internal static class Nha
{
    internal const ushort ID = 1, GROUP = 2, OIF = 5, MASTER = 10;
}
