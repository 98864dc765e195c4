using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTM_NEWNEIGH and RTM_DELNEIGH, of ARP and ND and of forwarding databases.</summary>
internal static class NeighbourCodec
{
    /// <summary>Null for other families than IPv4 and IPv6.</summary>
    internal static NeighbourInfo? Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<NdMsg>(message, out var attributes);
        if (header.Family is not (Rtm.AF_INET or Rtm.AF_INET6)) return null;
        return new NeighbourInfo
        {
            LinkIndex = header.Index,
            Address = Decode.Address(header.Family, attributes.Find(Nda.DST)),
            Mac = Decode.Mac(attributes.Find(Nda.LLADDR)),
            State = (NeighbourState)header.State,
            Flags = (NeighbourFlags)header.Flags,
            Protocol = attributes.Find(Nda.PROTOCOL).U8,
        };
    }

    /// <summary>Null for what is no entry of an FDB with an Ethernet address.</summary>
    internal static FdbEntry? ReadFdb(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<NdMsg>(message, out var attributes);
        if (header.Family != Rtm.AF_BRIDGE || Decode.Mac(attributes.Find(Nda.LLADDR)) is not { } mac) return null;
        var vlan = attributes.Find(Nda.VLAN);
        var remote = attributes.Find(Nda.DST);
        return new FdbEntry
        {
            LinkIndex = header.Index,
            Mac = mac,
            Vlan = vlan.Payload.IsEmpty ? null : vlan.U16,
            MasterIndex = (int)attributes.Find(Nda.MASTER).U32,
            State = (NeighbourState)header.State,
            Flags = (NeighbourFlags)header.Flags,
            Remote = remote.Payload.IsEmpty ? null : remote.Address,
        };
    }

    internal static void Write(NetlinkWriter w, NeighbourInfo n)
    {
        w.Struct(new NdMsg
        {
            Family = Decode.Family(n.Address.AddressFamily),
            Index = n.LinkIndex,
            State = (ushort)n.State,
            Flags = (byte)n.Flags,
        });
        w.PutAddress(Nda.DST, n.Address);
        if (n.Mac is { } mac) w.PutMac(Nda.LLADDR, mac);
        if (n.Protocol != 0) w.PutU8(Nda.PROTOCOL, n.Protocol);
    }

    internal static void Write(NetlinkWriter w, FdbEntry e)
    {
        w.Struct(new NdMsg { Family = Rtm.AF_BRIDGE, Index = e.LinkIndex, State = (ushort)e.State, Flags = (byte)e.Flags });
        w.PutMac(Nda.LLADDR, e.Mac);
        if (e.Vlan is { } vlan) w.PutU16(Nda.VLAN, vlan);
        if (e.Remote is { } remote) w.PutAddress(Nda.DST, remote);
    }

    internal static NetlinkWriter PutMac(this NetlinkWriter w, ushort type, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[6];
        mac.CopyTo(bytes);
        return w.Put(type, bytes);
    }
}
