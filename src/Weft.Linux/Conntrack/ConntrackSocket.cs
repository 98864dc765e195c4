using System.Net;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;

namespace Weft.Linux.Conntrack;

/// <summary>The connections that the kernel tracks in the network namespace of the thread that made this (linux/netfilter/nfnetlink_conntrack.h).</summary>
public sealed class ConntrackSocket : IDisposable
{
    private const int SUBSYS_CTNETLINK = 1, CT_GET = 1, CT_DELETE = 2;
    private const ushort CTA_TUPLE_ORIG = 1, CTA_TUPLE_REPLY = 2, CTA_STATUS = 3, CTA_ID = 12, CTA_ZONE = 18;
    private const ushort CTA_TUPLE_IP = 1, CTA_TUPLE_PROTO = 2, CTA_IP_V4_SRC = 1, CTA_IP_V4_DST = 2, CTA_IP_V6_SRC = 3, CTA_IP_V6_DST = 4;
    private const ushort CTA_PROTO_NUM = 1, CTA_PROTO_DST_PORT = 3;
    private const uint IPS_DST_NAT = 1 << 5;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.NETFILTER);

    /// <summary>All connections, of both families.</summary>
    /// <exception cref="NetlinkException">The kernel refused; EINVAL when it has no CONFIG_NF_CT_NETLINK.</exception>
    public IReadOnlyList<Connection> Connections()
    {
        var all = new List<Connection>();
        var request = new NetlinkWriter(64);
        request.Begin(Type(CT_GET), Nlm.F_REQUEST | Nlm.F_DUMP).Struct(new NfGenMsg(Nf.PROTO_UNSPEC, 0, 0)).End();
        // A table that changes meanwhile is read as it goes: it always does.
        _socket.Query(request, "list tracked connections", (_, _, message) =>
        {
            if (Read(message) is { } connection) all.Add(connection);
        });
        return all;
    }

    /// <summary>Forgets connections: their next packet is judged as a first one. Those that ended meanwhile are passed over.</summary>
    /// <exception cref="NetlinkException">The kernel refused one.</exception>
    public void Delete(IEnumerable<Connection> connections)
    {
        var batch = new NetlinkWriter();
        foreach (var c in connections)
            batch.Begin(Type(CT_DELETE), Nlm.F_REQUEST | Nlm.F_ACK).Struct(new NfGenMsg(c.Family, 0, 0))
                .Put(CTA_TUPLE_ORIG | Nlm.NLA_F_NESTED, c.Original).PutBe16(CTA_ZONE, c.Zone).PutBe32(CTA_ID, c.Id).End();
        var refused = _socket.TryExecute(batch, _ => "forget a tracked connection").FirstOrDefault(e => e.Errno != Errno.ENOENT);
        if (refused is not null) throw refused;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Reads struct nfgenmsg and its attributes; null when there are none.</summary>
    internal static Connection? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < 4) return null;
        var a = new NetlinkReader(message[4..]);
        var original = a.Find(CTA_TUPLE_ORIG);
        var protocol = original.Nested.Find(CTA_TUPLE_PROTO).Nested;
        return new(protocol.Find(CTA_PROTO_NUM).U8, Address(original, CTA_IP_V4_DST, CTA_IP_V6_DST), protocol.Find(CTA_PROTO_DST_PORT).Be16,
            Address(a.Find(CTA_TUPLE_REPLY), CTA_IP_V4_SRC, CTA_IP_V6_SRC), (a.Find(CTA_STATUS).Be32 & IPS_DST_NAT) != 0)
        {
            Source = Address(original, CTA_IP_V4_SRC, CTA_IP_V6_SRC), AnsweredAt = Address(a.Find(CTA_TUPLE_REPLY), CTA_IP_V4_DST, CTA_IP_V6_DST),
            Original = original.Payload.ToArray(), Zone = a.Find(CTA_ZONE).Be16, Id = a.Find(CTA_ID).Be32, Family = message[0],
        };
    }

    private static IPAddress? Address(NetlinkAttribute tuple, ushort v4, ushort v6)
    {
        var ip = tuple.Nested.Find(CTA_TUPLE_IP).Nested;
        var found = ip.Find(v4) is { Payload.IsEmpty: false } a ? a : ip.Find(v6);
        return found.Payload.Length is 4 or 16 ? found.Address : null;
    }

    private static ushort Type(int message) => (ushort)(SUBSYS_CTNETLINK << 8 | message);
}
