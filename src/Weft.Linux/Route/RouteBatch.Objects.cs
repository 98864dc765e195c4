using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

public sealed partial class RouteBatch
{
    /// <summary>Adds an address; refused when the link has it (EEXIST).</summary>
    public RouteBatch NewAddress(AddressInfo address) => Put(Rtm.NEWADDR, Create, "add address", address);

    /// <summary>Adds an address, or changes its lifetimes and flags.</summary>
    public RouteBatch ReplaceAddress(AddressInfo address) => Put(Rtm.NEWADDR, Replace, "set address", address);

    /// <summary>Takes an address away.</summary>
    public RouteBatch DelAddress(AddressInfo address) => Put(Rtm.DELADDR, Nlm.F_REQUEST, "delete address", address);

    /// <summary>Adds a route; refused when there is one of the same destination, table and metric (EEXIST).</summary>
    public RouteBatch NewRoute(RouteInfo route) => Put(Rtm.NEWROUTE, Create, "add route", route);

    /// <summary>Adds a route behind those of the same destination, table and metric.</summary>
    public RouteBatch AppendRoute(RouteInfo route) => Put(Rtm.NEWROUTE, Nlm.F_REQUEST | Nlm.F_CREATE | Nlm.F_APPEND, "append route", route);

    /// <summary>Adds a route, or takes the place of that of the same destination, table and metric.</summary>
    public RouteBatch ReplaceRoute(RouteInfo route) => Put(Rtm.NEWROUTE, Replace, "set route", route);

    /// <summary>Takes a route away.</summary>
    public RouteBatch DelRoute(RouteInfo route) => Put(Rtm.DELROUTE, Nlm.F_REQUEST, "delete route", route);

    /// <summary>Adds a policy rule; refused when there is the same (EEXIST).</summary>
    public RouteBatch NewRule(RuleInfo rule) => Put(Rtm.NEWRULE, Create, "add rule", rule);

    /// <summary>Takes a policy rule away.</summary>
    public RouteBatch DelRule(RuleInfo rule) => Put(Rtm.DELRULE, Nlm.F_REQUEST, "delete rule", rule);

    /// <summary>Adds a neighbour or a proxy entry; refused when there is one (EEXIST; a proxy entry is simply kept).</summary>
    public RouteBatch NewNeighbour(NeighbourInfo neighbour) => Put(Rtm.NEWNEIGH, Create, "add neighbour", neighbour);

    /// <summary>Adds or changes a neighbour.</summary>
    public RouteBatch ReplaceNeighbour(NeighbourInfo neighbour) => Put(Rtm.NEWNEIGH, Replace, "set neighbour", neighbour);

    /// <summary>Takes a neighbour or a proxy entry away.</summary>
    public RouteBatch DelNeighbour(NeighbourInfo neighbour) => Put(Rtm.DELNEIGH, Nlm.F_REQUEST, "delete neighbour", neighbour);

    /// <summary>Adds an entry of an FDB; refused when there is one (EEXIST).</summary>
    public RouteBatch NewFdb(FdbEntry entry) => Put(Rtm.NEWNEIGH, Create, "add FDB entry", entry);

    /// <summary>Adds or changes an entry of an FDB; a learned one becomes static.</summary>
    public RouteBatch ReplaceFdb(FdbEntry entry) => Put(Rtm.NEWNEIGH, Replace, "set FDB entry", entry);

    /// <summary>Takes an entry of an FDB away.</summary>
    public RouteBatch DelFdb(FdbEntry entry) => Put(Rtm.DELNEIGH, Nlm.F_REQUEST, "delete FDB entry", entry);

    /// <summary>Adds VLANs to a port, or changes their flags.</summary>
    /// <param name="vlan">Which, and where.</param>
    /// <param name="self">The link is the bridge itself.</param>
    public RouteBatch NewBridgeVlan(BridgeVlan vlan, bool self = false) => Put(Rtm.SETLINK, "add", vlan, self);

    /// <summary>Takes VLANs from a port.</summary>
    /// <param name="vlan">Which, and where.</param>
    /// <param name="self">The link is the bridge itself.</param>
    public RouteBatch DelBridgeVlan(BridgeVlan vlan, bool self = false) => Put(Rtm.DELLINK, "delete", vlan, self);

    private RouteBatch Put(ushort type, ushort flags, string verb, AddressInfo a) =>
        End(Begin(type, flags, () => $"{verb} {a} of {NameOf(a.LinkIndex)}"), w => AddressCodec.Write(w, a));

    private RouteBatch Put(ushort type, ushort flags, string verb, RouteInfo r) =>
        End(Begin(type, flags, () => $"{verb} {r}{(r.OutLink == 0 ? "" : $" of {NameOf(r.OutLink)}")}"), w => RouteWriter.Write(w, r));

    private RouteBatch Put(ushort type, ushort flags, string verb, RuleInfo r) =>
        End(Begin(type, flags, () => $"{verb} {r}"), w => RuleCodec.Write(w, r));

    private RouteBatch Put(ushort type, ushort flags, string verb, NeighbourInfo n) =>
        End(Begin(type, flags, () => $"{verb} {n.Address} of {NameOf(n.LinkIndex)}"), w => NeighbourCodec.Write(w, n));

    private RouteBatch Put(ushort type, ushort flags, string verb, FdbEntry e) =>
        End(Begin(type, flags, () => $"{verb} {e.Mac} of {NameOf(e.LinkIndex)}"), w => NeighbourCodec.Write(w, e));

    private RouteBatch Put(ushort type, string verb, BridgeVlan v, bool self)
    {
        var range = v.LastVid > v.Vid ? $"{v.Vid}-{v.LastVid}" : $"{v.Vid}";
        return End(Begin(type, Nlm.F_REQUEST, () => $"{verb} VLAN {range} of {NameOf(v.LinkIndex)}"), w => BridgeVlanCodec.Write(w, v, self));
    }

    private RouteBatch End(NetlinkWriter writer, Action<NetlinkWriter> body)
    {
        body(writer);
        writer.End();
        return this;
    }
}
