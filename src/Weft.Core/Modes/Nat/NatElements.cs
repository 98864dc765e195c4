using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Modes.Parts;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>The elements that make a bridge a routed network: who may talk to whom, and how sources are translated.</summary>
internal sealed class NatElements(NatNetworkSpec network, BridgeResource bridge, ImmutableArray<string> uplinks, ImmutableArray<SubnetLayout> subnets)
{
    /// <summary>All of them.</summary>
    public IEnumerable<Resource> Build() => [.. Membership(), .. Passage(), .. Translation(), .. Limits(), .. RoutedSources()];

    private IEnumerable<Resource> Membership()
    {
        yield return Element(InetSets.Nets, [bridge.Name]);
        if (network.Nat == NatKind.Isolated) yield return Element(InetSets.Closed, [bridge.Name]);
        if (network.HostAccess) yield return Element(InetSets.HostAccess, [bridge.Name]);
        foreach (var s in subnets) yield return Element(InetSets.Inner(s.Prefix.IsV4), [s.Gateway.ToString()]);
    }

    private IEnumerable<Resource> Passage()
    {
        yield return Element(InetSets.Into, [bridge.Name], network.Nat switch
        {
            NatKind.Isolated => "goto refuse_inbound",
            NatKind.Routed => "goto inbound_routed",
            _ => "goto inbound",
        });
        // Bridged packets pass here too where somebody has br_netfilter on.
        yield return Element(InetSets.Pairs, [bridge.Name, bridge.Name], "goto tracked");
        if (network.Nat == NatKind.Isolated) yield break;
        foreach (var u in uplinks) yield return Element(InetSets.Pairs, [bridge.Name, u], "goto tracked");
    }

    private IEnumerable<Resource> Translation()
    {
        if (network.Nat == NatKind.Isolated) yield break;
        yield return Element(InetSets.Leaving, [bridge.Name, bridge.Name], "goto masquerade_hairpin");
        if (network.Nat == NatKind.Routed) yield break;
        foreach (var u in uplinks)
        {
            yield return Element(InetSets.Leaving, [bridge.Name, u], network.SnatPool is null ? "goto masquerade_all" : "goto masquerade_pool");
            if (network.SnatPool is { } pool)
                yield return Element(InetSets.Pool(pool.First.GetAddressBytes().Length == 4), [bridge.Name, u], $"{pool.First}", $"{pool.Last}");
        }
    }

    private IEnumerable<Resource> Limits()
    {
        if (network.Protect?.SynRate is { } rate) yield return Element(InetSets.RateNet, [bridge.Name], $"jump rate_net_{LimitClasses.For(rate)}");
        if (network.Protect?.Connections is { } count) yield return Element(InetSets.ConnNet, [bridge.Name], $"jump conn_net_{LimitClasses.For(count)}");
    }

    private IEnumerable<Resource> RoutedSources()
    {
        if (network.Nat != NatKind.Routed || network.AllowFrom.IsEmpty) yield break;
        yield return Element(InetSets.RoutedGuard, [bridge.Name]);
        foreach (var p in PrefixSets.Minimal(network.AllowFrom)) yield return Element(InetSets.RoutedAllow(p.IsV4), [bridge.Name, NftElementText.Prefix(p)]);
    }

    private NftElementResource Element(string set, ImmutableArray<string> key, params ImmutableArray<string> data) =>
        new(bridge.Owner, network.Name, InetSets.Table, set, key, data);
}
