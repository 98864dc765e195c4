using System.Net.Sockets;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>
/// Reads and changes links, addresses, routes, rules, neighbours and forwarding databases (rtnetlink(7)) of the network namespace
/// that the calling thread was in when it was made. Not safe for use by several threads at once.
/// </summary>
public sealed class RouteSocket : IDisposable
{
    private const int Tries = 20;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.ROUTE);
    private readonly NetlinkWriter _request = new(256);

    /// <summary>Opens a socket in the network namespace of this thread.</summary>
    /// <exception cref="NetlinkException">The kernel gives no socket.</exception>
    public RouteSocket() => _socket.CheckStrictly();

    private delegate T? Decoder<T>(ReadOnlySpan<byte> message);

    /// <summary>Links, by index.</summary>
    /// <param name="masterIndex">Only ports of this bridge; 0 for all; -1 for those that are ports of nothing (kernels before 5.15 give none then).</param>
    /// <param name="kind">Only links of this IFLA_INFO_KIND; null for all.</param>
    /// <exception cref="NetlinkException">The kernel refused, or links kept changing while they were read.</exception>
    public IReadOnlyList<LinkInfo> Links(int masterIndex = 0, string? kind = null) =>
        Dump("read the links", Rtm.GETLINK, w =>
        {
            w.Struct(new IfInfoMsg());
            // Statistics of IPv6 are half of the answer; the link's own come anyway. With any mask the kernel measures every link of the host before it filters.
            if (masterIndex == 0) w.PutU32(Ifla.EXT_MASK, Rtm.RTEXT_FILTER_SKIP_STATS);
            else w.PutU32(Ifla.MASTER, (uint)masterIndex);
            if (kind is not null) LinkWriter.Info(w, kind, null);
        }, LinkDecoder.Read);

    /// <summary>The link of a name or alternative name, by one request; null when there is none.</summary>
    /// <param name="name">Name.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public LinkInfo? Link(string name) => System.Text.Encoding.UTF8.GetByteCount(name) switch
    {
        0 => null,
        > 127 => null, // ALTIFNAMSIZ
        > 15 => One($"read link {name}", 0, w => w.PutString(Ifla.ALT_IFNAME, name)),
        _ => One($"read link {name}", 0, w => w.PutString(Ifla.IFNAME, name)),
    };

    /// <summary>The link of an index, by one request; null when there is none.</summary>
    /// <param name="index">Interface index.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public LinkInfo? Link(int index) => index <= 0 ? null : One($"read link {index}", index, _ => { });

    /// <summary>Addresses of IPv4, then of IPv6.</summary>
    /// <param name="linkIndex">Only of this link; 0 for all.</param>
    /// <exception cref="NetlinkException">The kernel refused, or addresses kept changing while they were read.</exception>
    public IReadOnlyList<AddressInfo> Addresses(int linkIndex = 0) => Both("read the addresses", Rtm.GETADDR,
        (w, family) => w.Struct(new IfAddrMsg { Family = family, Index = linkIndex }), AddressCodec.Read);

    /// <summary>Routes of IPv4, then of IPv6; without cached ones.</summary>
    /// <param name="table">Only of this table (254 is main); 0 for all.</param>
    /// <param name="outLink">Only those that leave by this link; 0 for all.</param>
    /// <param name="protocol">Only those of this maker (RTPROT_*); 0 for all. Kernels before 4.20 give all in any case.</param>
    /// <exception cref="NetlinkException">The kernel refused, or routes kept changing while they were read.</exception>
    public IReadOnlyList<RouteInfo> Routes(uint table = 0, int outLink = 0, byte protocol = 0) => Both("read the routes", Rtm.GETROUTE, (w, family) =>
    {
        w.Struct(new RtMsg { Family = family, Protocol = protocol });
        if (table != 0) w.PutU32(Rta.TABLE, table);
        if (outLink != 0) w.PutU32(Rta.OIF, (uint)outLink);
    }, RouteDecoder.Read);

    /// <summary>Policy rules of IPv4, then of IPv6, each in the order they are looked at.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or rules kept changing while they were read.</exception>
    public IReadOnlyList<RuleInfo> Rules() => Both("read the rules", Rtm.GETRULE,
        (w, family) => w.Struct(new FibRuleHdr { Family = family }), RuleCodec.Read);

    /// <summary>Neighbours of IPv4, then of IPv6.</summary>
    /// <param name="linkIndex">Only of this link; 0 for all.</param>
    /// <param name="proxy">The proxy entries instead.</param>
    /// <exception cref="NetlinkException">The kernel refused, or neighbours kept changing while they were read.</exception>
    public IReadOnlyList<NeighbourInfo> Neighbours(int linkIndex = 0, bool proxy = false) => Both("read the neighbours", Rtm.GETNEIGH, (w, family) =>
    {
        w.Struct(new NdMsg { Family = family, Flags = proxy ? (byte)NeighbourFlags.Proxy : (byte)0 });
        if (linkIndex != 0) w.PutU32(Nda.IFINDEX, (uint)linkIndex);
    }, NeighbourCodec.Read);

    /// <summary>Entries of forwarding databases.</summary>
    /// <param name="bridgeIndex">Only of this bridge; 0 for all.</param>
    /// <param name="portIndex">Only of this port; 0 for all.</param>
    /// <exception cref="NetlinkException">The kernel refused, or entries kept changing while they were read.</exception>
    public IReadOnlyList<FdbEntry> Fdb(int bridgeIndex = 0, int portIndex = 0) => Dump("read the forwarding databases", Rtm.GETNEIGH, w =>
    {
        w.Struct(new NdMsg { Family = Rtm.AF_BRIDGE, Index = portIndex });
        if (bridgeIndex != 0) w.PutU32(Nda.MASTER, (uint)bridgeIndex);
    }, NeighbourCodec.ReadFdb);

    /// <summary>VLANs of ports and bridges; none where the kernel has no VLAN filtering.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or VLANs kept changing while they were read.</exception>
    public IReadOnlyList<BridgeVlan> BridgeVlans() => [.. Dump<ValueList<BridgeVlan>>("read the VLANs of bridges", Rtm.GETLINK, w =>
    {
        w.Struct(new IfInfoMsg { Family = Rtm.AF_BRIDGE });
        w.PutU32(Ifla.EXT_MASK, Rtm.RTEXT_FILTER_BRVLAN_COMPRESSED);
    }, BridgeVlanCodec.Read).SelectMany(v => v)];

    /// <summary>VLANs of one port or bridge; none where the kernel has no VLAN filtering.</summary>
    /// <param name="linkIndex">The port or bridge.</param>
    /// <exception cref="NetlinkException">The kernel refused, or VLANs kept changing while they were read.</exception>
    public IReadOnlyList<BridgeVlan> BridgeVlans(int linkIndex)
    {
        try
        {
            return [.. Dump<ValueList<BridgeVlan>>($"read the VLANs of link {linkIndex}", Rtm.GETVLAN,
                w => w.Struct(new BrVlanMsg { Family = Rtm.AF_BRIDGE, Index = linkIndex }), BridgeVlanCodec.ReadDatabase).SelectMany(v => v)];
        }
        catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP) // before Linux 5.6 there is only the dump of all
        {
            return [.. BridgeVlans().Where(v => v.LinkIndex == linkIndex)];
        }
    }

    /// <summary>Carries the changes out, in their order, and waits for the kernel to be through.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="oneSend">All in one send(2), however many; otherwise sends of 64.</param>
    /// <exception cref="NetlinkException">The first that was refused. Later ones were still carried out.</exception>
    public void Execute(RouteBatch batch, bool oneSend = false) =>
        _socket.Execute(batch.Writer, batch.Describe, oneSend ? int.MaxValue : 64);

    /// <summary>As <see cref="Execute"/>, but hands back every refusal instead of throwing the first.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="oneSend">All in one send(2), however many; otherwise sends of 64.</param>
    /// <returns>The refusals in order; <see cref="NetlinkException.Index"/> is that of the message in the batch.</returns>
    public IReadOnlyList<NetlinkException> TryExecute(RouteBatch batch, bool oneSend = false) =>
        _socket.TryExecute(batch.Writer, batch.Describe, oneSend ? int.MaxValue : 64);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private LinkInfo? One(string operation, int index, Action<NetlinkWriter> name)
    {
        var request = Request(Rtm.GETLINK, 0, w =>
        {
            w.Struct(new IfInfoMsg { Index = index });
            name(w);
            w.PutU32(Ifla.EXT_MASK, Rtm.RTEXT_FILTER_SKIP_STATS);
        });
        LinkInfo? found = null;
        try
        {
            _socket.Query(request, operation, (_, _, message) => found ??= LinkDecoder.Read(message));
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
        return found;
    }

    private List<T> Both<T>(string operation, ushort type, Action<NetlinkWriter, byte> body, Decoder<T> decode) where T : class
    {
        // A dump of AF_UNSPEC would also bring MPLS and multicast routes.
        var all = Dump(operation, type, w => body(w, Rtm.AF_INET), m => OfFamily(m, Rtm.AF_INET) ? decode(m) : null);
        all.AddRange(Dump(operation, type, w => body(w, Rtm.AF_INET6), m => OfFamily(m, Rtm.AF_INET6) ? decode(m) : null));
        return all;
    }

    // A kernel without IPv6 answers a request for it with what it has of all other families.
    private static bool OfFamily(ReadOnlySpan<byte> message, byte family) => !message.IsEmpty && message[0] == family;

    private List<T> Dump<T>(string operation, ushort type, Action<NetlinkWriter> body, Decoder<T> decode) where T : class
    {
        for (var i = 0; i < Tries; i++)
        {
            var found = new List<T>();
            if (TryDump(operation, Request(type, Nlm.F_DUMP, body), decode, found)) return found;
        }
        throw new NetlinkException(operation, Errno.EAGAIN, $"they changed while they were read, {Tries} times in a row");
    }

    private bool TryDump<T>(string operation, NetlinkWriter request, Decoder<T> decode, List<T> found) where T : class
    {
        try
        {
            return _socket.Query(request, operation, (_, _, message) =>
            {
                if (decode(message) is { } one) found.Add(one);
            });
        }
        catch (NetlinkException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return true; // the routing table or the link that was asked for does not exist: nothing is in it
        }
    }

    private NetlinkWriter Request(ushort type, ushort flags, Action<NetlinkWriter> body)
    {
        _request.Clear();
        _request.Begin(type, (ushort)(Nlm.F_REQUEST | flags));
        body(_request);
        _request.End();
        return _request;
    }
}
