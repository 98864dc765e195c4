using System.Collections.Immutable;
using Weft.Core.Resources;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Processes;

namespace Weft.Engine.Host.Uplink;

/// <summary>Puts one NIC under a bridge and takes it out again. Everything is derived from what was captured and what is there now, so that either
/// can be called again after a crash at any point.</summary>
internal sealed class UplinkMover(RouteTalk talk, IUplinkStore store, string root)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Puts the NIC under the bridge.</summary>
    /// <exception cref="IOException">It was refused; the NIC is as it was.</exception>
    internal void Attach(UplinkResource r)
    {
        var nic = Found(r.Nic, "there is no such NIC");
        var bridge = Found(r.Bridge, "the bridge is not there yet");
        if (nic.Master != 0 && nic.Master != bridge.Index)
            throw new IOException($"put {r.Nic} under {r.Bridge}: it is a port of {talk.NameOf(nic.Master)}; take it out there first");
        var state = Capture(r, nic, bridge);
        try
        {
            LinkSysctls.WithLoosePath(bridge.Name, () => UrgentThread.Run(() =>
            {
                Enslave(r, nic, bridge);
                if (r.MoveAddresses) state = MoveUp(state, nic.Name, bridge.Name);
            }));
            if (r.MoveAddresses) Settle(state, state.Nic, bridge);
        }
        catch (IOException e)
        {
            Undo(state, e);
            throw;
        }
    }

    /// <summary>Takes a NIC over that is under the bridge already: its addresses are the bridge's, and so is its MAC or another.</summary>
    /// <exception cref="IOException">It is not under the bridge, or the kernel refused.</exception>
    internal void Adopt(UplinkResource r)
    {
        var nic = Found(r.Nic, "there is no such NIC");
        var bridge = Found(r.Bridge, "the bridge is not there any more");
        if (nic.Master != bridge.Index) throw new IOException($"take {r.Nic} over: it is no port of {r.Bridge} any more");
        Capture(r, nic, bridge);
        Enslave(r with { MoveAddresses = false }, nic, bridge);
    }

    /// <summary>Takes the NIC out of the bridge; what came from it, and what its DHCP client has added since, goes back to it.</summary>
    internal void Detach(string name)
    {
        if (UplinkState.FromJson(store.Load(name)) is not { } state) return;
        if (talk.Nic(state) is { } nic) Detach(state, nic, talk.Link(state.Bridge));
        store.Delete(name);
    }

    private void Undo(UplinkState state, IOException cause)
    {
        try
        {
            Detach(state.Nic);
        }
        catch (IOException e)
        {
            throw new IOException($"{cause.Message}; and taking it back failed: {e.Message}. Run 'weft apply' or 'weft destroy' again to complete it", cause);
        }
    }

    private LinkState Found(string name, string otherwise) =>
        talk.Link(name) ?? throw new IOException($"link {name}: {otherwise}");

    /// <summary>What is on both before anything changes. What was captured earlier stays, unless that was before the host was started anew.</summary>
    private UplinkState Capture(UplinkResource r, LinkState nic, LinkState bridge)
    {
        var onBridge = Belongings.Read(talk, bridge);
        var known = UplinkState.FromJson(store.Load(r.Nic));
        var state = known is not null && known.NicIndex == nic.Index && Continues(known, nic, bridge, onBridge)
            ? known.Wanting(r)
            : UplinkState.Of(r).Capture(nic, Belongings.Read(talk, nic), onBridge);
        store.Save(r.Nic, state.ToJson());
        return state;
    }

    private static bool Continues(UplinkState known, LinkState nic, LinkState bridge, Belongings onBridge)
    {
        var captured = known.Captured().Addresses.Select(Retarget.AddressKey).ToHashSet();
        return nic.Master == bridge.Index || onBridge.Addresses.Any(a => captured.Contains(Retarget.AddressKey(a)));
    }

    private void Enslave(UplinkResource r, LinkState nic, LinkState bridge)
    {
        var batch = new Batch();
        if (r.Mtu is { } mtu && nic.Mtu != mtu) batch.Link(nic, $"set the MTU to {mtu}", w => w.PutU32(Ifla.MTU, (uint)mtu));
        if (!nic.Up) batch.Link(nic, up: true);
        if (r.MoveAddresses && !nic.Mac.AsSpan().SequenceEqual(bridge.Mac)) batch.Link(bridge, "pin the MAC", w => w.Put(Ifla.ADDRESS, nic.Mac));
        if (nic.Master != bridge.Index)
        {
            // With spanning tree on, a new port waits twice the forward delay. A port that forwards keeps doing so when it is switched on.
            if (bridge.Stp != 0) batch.Stp(bridge, 0);
            batch.Link(nic, $"put it under {bridge.Name}", w => w.PutU32(Ifla.MASTER, (uint)bridge.Index));
            if (bridge.Stp != 0) batch.Stp(bridge, bridge.Stp);
        }
        if (r.Cost is not null || r.Priority is not null) batch.Port(nic, r.Cost, r.Priority);
        if (r.Vlans is { } vlans) PortVlanMessages.Add(batch, talk, nic, vlans);
        talk.Execute(batch);
    }

    private UplinkState MoveUp(UplinkState state, string nicName, string bridgeName)
    {
        var nic = Found(nicName, "it has gone");
        var bridge = WaitReady(bridgeName, nic.Carrier);
        var had = Belongings.Read(talk, nic);
        var want = WithoutRouterCopies(had, nic.Name).On(new(nic.Index, nic.Name), new(bridge.Index, bridge.Name));
        LinkSysctls.Carry(nic.Name, bridge.Name);
        var clients = DhcpHandover.Find(nic.Name);
        var states = clients.IsEmpty ? NetworkManagerLease.Successor(nic.Name, nic.Mac, root) : DhcpHandover.States(clients, nic.Name);
        if (!states.IsEmpty) store.Save(nic.Name, (state = state with { Clients = states }).ToJson());
        DhcpHandover.Stop(clients);
        var move = new Relocation(talk, nic, bridge);
        move.AddAddresses(want);
        move.MoveRoutes(want);
        move.Leave(had, want);
        return state;
    }

    /// <summary>The lease goes on, and routers are asked for what they advertise.</summary>
    private void Settle(UplinkState state, string from, LinkState to)
    {
        DhcpHandover.Start(state.Clients, state.Nic, from, to.Name, root);
        RouterSolicitation.SendIfAccepted(to);
    }

    /// <summary>A bridge learns a moment after its first port that it has a carrier; until then it drops what it is to send.</summary>
    private LinkState WaitReady(string name, bool carrier)
    {
        var link = Found(name, "the bridge has gone");
        if (carrier) SpinWait.SpinUntil(() => (link = Found(name, "the bridge has gone")).Ready, _patience);
        return link;
    }

    private void Detach(UplinkState state, LinkState nic, LinkState? bridge)
    {
        if (state.MoveAddresses && nic.Index == state.NicIndex)
        {
            if (bridge is not null && Continues(state, nic, bridge, Belongings.Read(talk, bridge))) MoveDown(state, nic, bridge);
            else Restore(state, nic);
        }
        else Release(state, nic);
    }

    private void MoveDown(UplinkState state, LinkState nic, LinkState bridge)
    {
        End up = new(bridge.Index, bridge.Name), down = new(nic.Index, nic.Name);
        var now = Belongings.Read(talk, bridge).Except(state.OwnAddresses.ToHashSet(), state.OwnRoutes.ToHashSet());
        var still = Belongings.Read(talk, nic).On(down, down); // a move that was broken off left it there
        var want = Welcome(nic, Merge(state.Captured(), still.And(WithoutRouterCopies(now, bridge.Name).On(up, down)), down, !state.Clients.IsEmpty));
        var move = new Relocation(talk, bridge, nic);
        DhcpHandover.Stop(DhcpHandover.Find(bridge.Name));
        LinkSysctls.WithLoosePath(bridge.Name, () => UrgentThread.Run(() =>
        {
            move.AddAddresses(want);
            move.MoveRoutes(want);
            Release(state, nic);
            move.Leave(now, Lasting(state, want));
        }));
        Settle(state, bridge.Name, nic);
    }

    /// <summary>The bridge is gone, or made anew, and with it what was on it: what was captured is all there is.</summary>
    private void Restore(UplinkState state, LinkState nic)
    {
        End down = new(nic.Index, nic.Name);
        var want = Lasting(state, Welcome(nic, Merge(state.Captured(), Belongings.Read(talk, nic).On(down, down), down, false)));
        Release(state, nic);
        var move = new Relocation(talk, nic, nic);
        move.AddAddresses(want);
        move.MoveRoutes(want);
        DhcpHandover.Start(state.Clients, nic.Name, state.Bridge, nic.Name, root);
    }

    // A NIC that goes down again keeps neither; the kernel refuses new ones.
    private static Belongings Lasting(UplinkState state, Belongings want) => state.OriginalUp ? want : want with { Routes = [], Neighbours = [] };

    // Where IPv6 was switched off the kernel has taken all of it away, and refuses new.
    private static Belongings Welcome(LinkState nic, Belongings want) => LinkSysctls.Get("ipv6", nic.Name, "disable_ipv6") == "0" ? want : want.OfIpv4();

    private void Release(UplinkState state, LinkState nic)
    {
        var batch = new Batch();
        if (nic.Master != 0 && talk.NameOf(nic.Master) == state.Bridge)
            batch.Link(nic, $"take it out of {state.Bridge}", w => w.PutU32(Ifla.MASTER, 0));
        if (nic.Index == state.NicIndex && nic.Mtu != state.OriginalMtu && state.Mtu is not null)
            batch.Link(nic, $"set the MTU to {state.OriginalMtu}", w => w.PutU32(Ifla.MTU, state.OriginalMtu));
        if (!state.OriginalUp && nic.Up) batch.Link(nic, up: false);
        talk.Execute(batch);
    }

    /// <summary>
    /// What was captured, in its order and with its own flags and labels but today's lifetimes; then what has come since. What was captured and had a
    /// lifetime comes back only if it still is there.
    /// </summary>
    private static Belongings Merge(Belongings captured, Belongings now, End down, bool leased) => new()
    {
        Addresses = Merge(captured.Addresses, now.Addresses, Retarget.AddressKey, IsStatic, down),
        Routes = Merge(captured.Routes, now.Routes, Retarget.RouteKey, r => !leased && r.Header[5] is not (Rta.PROTO_RA or Rta.PROTO_KERNEL or Rta.PROTO_DHCP), down),
        Neighbours = Merge(captured.Neighbours, now.Neighbours, NeighbourKey, IsStaticNeighbour, down),
        Proxies = Merge(captured.Proxies, now.Proxies, NeighbourKey, _ => true, down),
        Nexthops = now.Nexthops,
    };

    private static ImmutableArray<RtObject> Merge(ImmutableArray<RtObject> captured, ImmutableArray<RtObject> now,
        Func<RtObject, string> key, Func<RtObject, bool> isStatic, End down)
    {
        var present = now.GroupBy(key).ToDictionary(g => g.Key, g => g.First());
        var before = captured.Select(o => Retarget.To(o, down, down)).ToList();
        var kept = before.Where(o => isStatic(o) || present.ContainsKey(key(o))).Select(o => present.TryGetValue(key(o), out var p) ? Refresh(o, p) : o);
        var known = before.Select(key).ToHashSet();
        return [.. kept, .. now.Where(o => !known.Contains(key(o)))];
    }

    private static RtObject Refresh(RtObject before, RtObject now) => before.Type switch
    {
        Rtm.NEWADDR when now.Find(Ifa.CACHEINFO) is { } lifetimes => before.With(Ifa.CACHEINFO, lifetimes),
        Rtm.NEWROUTE when now.Find(Rta.EXPIRES) is { } expires => before.With(Rta.EXPIRES, expires),
        Rtm.NEWROUTE => before.Without(Rta.EXPIRES),
        _ => before,
    };

    private static bool IsStatic(RtObject a) => a.Find(Ifa.CACHEINFO) is not { Length: >= 8 } c || BitConverter.ToUInt32(c, 4) == uint.MaxValue;

    private static bool IsStaticNeighbour(RtObject n) => (BitConverter.ToUInt16(n.Header, 8) & Nda.NUD_PERMANENT) != 0;

    private static string NeighbourKey(RtObject n) => $"{n.Family} {Convert.ToHexString(n.Find(Nda.DST) ?? [])}";

    /// <summary>
    /// The kernel refuses a router's advertisement on a link that has the very default route it is about to add. So what came from one is copied one
    /// metric behind, serves until the bridge has heard the router itself, and ends with its lifetime.
    /// </summary>
    private static Belongings WithoutRouterCopies(Belongings had, string link)
    {
        var metric = uint.TryParse(LinkSysctls.Get("ipv6", link, "ra_defrtr_metric"), out var m) ? m : 1024;
        bool FromRouter(RtObject r) => r.IsV6 && r.Header[5] == Rta.PROTO_RA && r.Find(Rta.GATEWAY) is not null;
        string Via(RtObject r) => $"{r.Describe()} {r.Header[1]}";
        var best = had.Routes.Where(FromRouter).GroupBy(Via).Select(g => g.MinBy(r => r.U32(Rta.PRIORITY))!).ToHashSet();
        return had with
        {
            Routes = [.. had.Routes.Where(r => !FromRouter(r) || best.Contains(r))
                .Select(r => FromRouter(r) && r.U32(Rta.PRIORITY) == metric ? r.With(Rta.PRIORITY, metric + 1) : r)],
        };
    }
}
