using System.Runtime.InteropServices;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>Reads notifications of rtnetlink.</summary>
internal static class RouteNoticeReader
{
    // linux/netconf.h
    private const ushort NETCONFA_IFINDEX = 1;

    /// <summary>Null for what nobody asks about.</summary>
    /// <exception cref="InvalidDataException">The bytes make no sense.</exception>
    internal static RouteNotice? Read(ushort type, ReadOnlySpan<byte> message) => type switch
    {
        Rtm.NEWLINK or Rtm.DELLINK => Link(message, type == Rtm.DELLINK),
        Rtm.NEWADDR or Rtm.DELADDR => new RouteNotice(RouteNoticeKind.Address, type == Rtm.DELADDR, Decode.Header<IfAddrMsg>(message, out _).Index),
        Rtm.NEWROUTE or Rtm.DELROUTE => Route(message, type == Rtm.DELROUTE),
        Rtm.NEWNEIGH or Rtm.DELNEIGH => NeighbourCodec.ReadFdb(message) is { } e ? new RouteNotice(RouteNoticeKind.Fdb, type == Rtm.DELNEIGH, e.LinkIndex) { Fdb = e } : null,
        Rtm.NEWNETCONF => new RouteNotice(RouteNoticeKind.Setting, false, (int)Netconf(message).Find(NETCONFA_IFINDEX).U32),
        _ => null,
    };

    private static RouteNotice Link(ReadOnlySpan<byte> message, bool gone)
    {
        var header = Decode.Header<IfInfoMsg>(message, out var attributes);
        if (header.Family != Rtm.AF_BRIDGE) return new RouteNotice(RouteNoticeKind.Link, gone, header.Index) { Link = LinkDecoder.Read(message) };
        var port = attributes.Find(Ifla.PROTINFO);
        return new RouteNotice(RouteNoticeKind.Port, gone, header.Index)
        {
            Port = port.Payload.IsEmpty ? null : BridgePortCodec.Read(port),
            Vlans = BridgeVlanCodec.Read(message),
        };
    }

    private static RouteNotice Route(ReadOnlySpan<byte> message, bool gone)
    {
        var header = Decode.Header<RtMsg>(message, out var attributes);
        return new RouteNotice(RouteNoticeKind.Route, gone, (int)attributes.Find(Rta.OIF).U32) { Protocol = header.Protocol };
    }

    // struct netconfmsg is one byte.
    private static NetlinkReader Netconf(ReadOnlySpan<byte> message) =>
        message.Length >= 4 ? new NetlinkReader(message[4..]) : throw new InvalidDataException($"netconfmsg of {message.Length} bytes");
}
