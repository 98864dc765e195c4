using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>Forwards, floating addresses and their protection, as elements.</summary>
internal sealed class ForwardParts(NatNetworkSpec network, BuildContext context, BridgeResource bridge, ImmutableArray<string> uplinks, ImmutableArray<SubnetLayout> subnets)
{
    private readonly ImmutableArray<Exposure> _forwards = [.. Exposure.Of(network, context.Ports, subnets)];

    /// <summary>All of them.</summary>
    public IEnumerable<Resource> Build() =>
        [.. Edges(), .. _forwards.SelectMany(Translation), .. _forwards.SelectMany(Guards), .. Counters(), .. Limits(), .. Floating(), .. PoolAddresses(),
            .. new SynProxyParts(network, bridge, uplinks, subnets, _forwards).Build()];

    private IEnumerable<Resource> Edges()
    {
        if (_forwards.IsEmpty && network.Floating.IsEmpty) yield break;
        foreach (var u in uplinks) yield return new NftElementResource(Resource.Shared, "", InetSets.Table, InetSets.Edges, [u], []);
    }

    private IEnumerable<Resource> Translation(Exposure f)
    {
        if (f.KeepsPorts && f.Ports.First != f.Ports.Last)
        {
            yield return Element(f.Listen is null ? InetSets.ForwardAnyRange(f.IsV4) : InetSets.ForwardRange(f.IsV4), Key(f, f.Ports), f.Target.ToString());
            yield break;
        }
        for (var i = 0; i <= f.Ports.Last - f.Ports.First; i++)
            yield return Element(f.Listen is null ? InetSets.ForwardAny(f.IsV4) : InetSets.Forward(f.IsV4), Key(f, One(f.Ports.First + i)),
                f.Target.ToString(), $"{f.InnerPorts.First + i}");
    }

    private IEnumerable<Resource> Guards(Exposure f)
    {
        if (f.Sources is not { } sources) yield break;
        yield return Element(f.Listen is null ? InetSets.GuardAny(f.IsV4) : InetSets.Guard(f.IsV4), Key(f, f.Ports));
        foreach (var s in sources)
            yield return Element(f.Listen is null ? InetSets.AllowAny(f.IsV4) : InetSets.Allow(f.IsV4), [.. Key(f, f.Ports), NftElementText.Prefix(s)]);
    }

    private IEnumerable<Resource> Counters()
    {
        var sweep = new PortSweep();
        foreach (var f in _forwards)
            foreach (var part in sweep.Uncovered(f.Target.ToString(), f.Protocol, f.InnerPorts))
                yield return Element(InetSets.Count(f.IsV4), Inner(f, part));
    }

    private IEnumerable<Resource> Limits()
    {
        var (rates, counts) = (new PortSweep(), new PortSweep());
        foreach (var f in _forwards)
        {
            if (f.Protect?.SynRate is { } rate)
                foreach (var part in rates.Uncovered(f.Target.ToString(), f.Protocol, f.InnerPorts))
                    yield return Element(InetSets.Rate(f.IsV4), Inner(f, part), $"jump rate_{LimitClasses.For(rate)}");
            if (f.Protect?.Connections is { } count)
                foreach (var part in counts.Uncovered(f.Target.ToString(), f.Protocol, f.InnerPorts))
                    yield return Element(InetSets.Conn(f.IsV4), Inner(f, part), $"jump conn_{LimitClasses.For(count)}");
        }
    }

    private IEnumerable<Resource> Floating()
    {
        foreach (var f in network.Floating)
            foreach (var inner in Exposure.Targets(f.Machine, f.Address, context.Ports).Where(a => a.AddressFamily == f.Outer.AddressFamily).Take(1))
                foreach (var resource in One(f, inner)) yield return resource;
    }

    private IEnumerable<Resource> One(FloatingSpec f, IPAddress inner)
    {
        var (v4, outer) = (inner.AddressFamily == AddressFamily.InterNetwork, f.Outer.ToString());
        yield return Element(InetSets.Floating(v4), [outer], inner.ToString());
        foreach (var u in uplinks)
        {
            yield return Element(InetSets.FloatingSource(v4), [inner.ToString(), u], outer);
            if (u == uplinks[0]) yield return Answered(u, f.Outer);
        }
        if (Exposure.SourcesOf(f.AllowFrom, network, subnets, inner) is not { } sources) yield break;
        yield return Element(InetSets.FloatingGuard(v4), [outer]);
        foreach (var s in sources) yield return Element(InetSets.FloatingAllow(v4), [outer, NftElementText.Prefix(s)]);
    }

    // Neighbours on the uplink's wire must find somebody who answers for the address: the host has it, alone, on its uplink.
    private AddressResource Answered(string uplink, IPAddress address) =>
        new(bridge.Owner, network.Name, uplink, new IpPrefix(address, address.GetAddressBytes().Length * 8));

    private IEnumerable<Resource> PoolAddresses()
    {
        if (network.SnatPool is not { } pool || uplinks.IsEmpty) yield break;
        var v4 = pool.First.AddressFamily == AddressFamily.InterNetwork;
        var last = IpPrefix.ToNumber(pool.Last);
        for (var n = IpPrefix.ToNumber(pool.First); n <= last; n++)
            if (IpPrefix.FromNumber(n, v4) is var a && !IsForeign(a)) yield return Answered(uplinks[0], a);
    }

    // An address that the administrator put there stays the administrator's.
    private bool IsForeign(IPAddress a) => context.Host.Addresses.Any(h => h.Address.Address.Equals(a) && h.Protocol != AddressResource.Protocol);

    private static ImmutableArray<string> Key(Exposure f, PortRange ports) =>
        f.Listen is null ? [f.Protocol, ports.ToString()] : [f.Listen.ToString(), f.Protocol, ports.ToString()];

    private static ImmutableArray<string> Inner(Exposure f, PortRange ports) => [f.Target.ToString(), f.Protocol, ports.ToString()];

    private static PortRange One(int port) => new(port, port);

    private NftElementResource Element(string set, ImmutableArray<string> key, params ImmutableArray<string> data) =>
        new(bridge.Owner, network.Name, InetSets.Table, set, key, data);
}
