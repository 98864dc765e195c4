using System.Net;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTM_NEWADDR and RTM_DELADDR.</summary>
internal static class AddressCodec
{
    private const uint Forever = uint.MaxValue;
    private const AddressFlags Settable = AddressFlags.NoDad | AddressFlags.Optimistic | AddressFlags.HomeAddress
        | AddressFlags.ManageTempAddress | AddressFlags.NoPrefixRoute | AddressFlags.McAutoJoin;

    /// <summary>Null for other families than IPv4 and IPv6.</summary>
    internal static AddressInfo? Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<IfAddrMsg>(message, out var attributes);
        if (header.Family is not (Rtm.AF_INET or Rtm.AF_INET6)) return null;
        var a = new AttributeTable(message, attributes, stackalloc AttributeTable.Place[16]);
        var peer = a.Has(Ifa.ADDRESS) ? Decode.Address(header.Family, a[Ifa.ADDRESS]) : null;
        var local = a.Has(Ifa.LOCAL) ? Decode.Address(header.Family, a[Ifa.LOCAL]) : peer;
        var lifetime = a.Has(Ifa.CACHEINFO) ? a[Ifa.CACHEINFO].Host<IfaCacheInfo>() : new IfaCacheInfo { Preferred = Forever, Valid = Forever };
        return new AddressInfo
        {
            LinkIndex = header.Index,
            Address = local ?? throw new InvalidDataException("an address message without an address"),
            PrefixLength = header.PrefixLength,
            Peer = peer is null || peer.Equals(local) ? null : peer,
            Broadcast = a.Has(Ifa.BROADCAST) ? Decode.Address(header.Family, a[Ifa.BROADCAST]) : null,
            Scope = header.Scope,
            Flags = (AddressFlags)(a.U32(Ifa.FLAGS) ?? header.Flags),
            PreferredSeconds = lifetime.Preferred == Forever ? null : lifetime.Preferred,
            ValidSeconds = lifetime.Valid == Forever ? null : lifetime.Valid,
            Protocol = a[Ifa.PROTO].U8,
            Label = a.Text(Ifa.LABEL),
            Metric = a[Ifa.RT_PRIORITY].U32,
        };
    }

    internal static void Write(NetlinkWriter w, AddressInfo a)
    {
        var flags = a.Flags & Settable;
        w.Struct(new IfAddrMsg
        {
            Family = Decode.Family(a.Address.AddressFamily),
            PrefixLength = a.PrefixLength,
            Flags = (byte)flags,
            Scope = a.Scope,
            Index = a.LinkIndex,
        });
        w.PutAddress(Ifa.LOCAL, a.Address);
        w.PutAddress(Ifa.ADDRESS, a.Peer ?? a.Address);
        if (a.Broadcast is { } broadcast) w.PutAddress(Ifa.BROADCAST, broadcast);
        if (a.Label is { } label) w.PutString(Ifa.LABEL, label);
        if (flags != 0) w.PutU32(Ifa.FLAGS, (uint)flags);
        if (a.ValidSeconds is not null || a.PreferredSeconds is not null)
            w.PutHost(Ifa.CACHEINFO, new IfaCacheInfo { Preferred = a.PreferredSeconds ?? Forever, Valid = a.ValidSeconds ?? Forever });
        if (a.Metric != 0) w.PutU32(Ifa.RT_PRIORITY, a.Metric);
        if (a.Protocol != 0) w.PutU8(Ifa.PROTO, a.Protocol);
    }
}
