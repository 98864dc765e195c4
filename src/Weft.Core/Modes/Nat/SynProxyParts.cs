using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>What the SYN proxy answers for: protected forwards, all TCP forwards of a protected network, and a protected routed network itself.</summary>
internal sealed class SynProxyParts(NatNetworkSpec network, BridgeResource bridge, ImmutableArray<string> uplinks, ImmutableArray<SubnetLayout> subnets,
    ImmutableArray<Exposure> forwards)
{
    /// <summary>Table, elements and sysctls; nothing where no protection asks for them.</summary>
    public IEnumerable<Resource> Build()
    {
        var elements = Forwards().Concat(Routed()).ToList();
        if (elements.Count == 0) return [];
        return [.. elements, NftSkeleton.SynProxy, .. Sysctls(), .. uplinks.Select(u => new NftElementResource(Resource.Shared, "", SynProxySets.Table, SynProxySets.Edges, [u], []))];
    }

    private IEnumerable<Resource> Forwards()
    {
        foreach (var f in forwards.Where(f => f.Protocol == "tcp" && (f.Protect?.SynProxy == true || network.Protect?.SynProxy == true)))
            foreach (var source in f.Sources ?? [Everything(f.IsV4)])
                yield return f.Listen is null
                    ? Element(SynProxySets.Any(f.IsV4), ["tcp", f.Ports.ToString(), NftElementText.Prefix(source)])
                    : Element(SynProxySets.Exact(f.IsV4), [f.Listen.ToString(), "tcp", f.Ports.ToString(), NftElementText.Prefix(source)]);
    }

    private IEnumerable<Resource> Routed()
    {
        if (network is not { Nat: NatKind.Routed, Protect.SynProxy: true }) yield break;
        foreach (var s in subnets.Select(s => s.Prefix))
            foreach (var source in Sources(s.IsV4))
                yield return Element(SynProxySets.Exact(s.IsV4), [NftElementText.Prefix(s), "tcp", "1-65535", NftElementText.Prefix(source)]);
    }

    private List<IpPrefix> Sources(bool v4) =>
        network.AllowFrom.IsEmpty ? [Everything(v4)] : PrefixSets.Minimal(network.AllowFrom.Where(p => p.IsV4 == v4));

    // The ACK that ends a proxied handshake belongs to no connection: it must be invalid, not the start of one. Timestamps carry the cookie's options.
    private static IEnumerable<Resource> Sysctls() =>
    [
        new SysctlResource(Resource.Shared, "", "net/netfilter/nf_conntrack_tcp_loose", "0"),
        new SysctlResource(Resource.Shared, "", "net/ipv4/tcp_timestamps", "1"),
        new SysctlResource(Resource.Shared, "", HostSysctls.TcpSyncookies, "1"),
    ];

    private static IpPrefix Everything(bool v4) => IpPrefix.Parse(v4 ? "0.0.0.0/0" : "::/0");

    private NftElementResource Element(string set, ImmutableArray<string> key) => new(bridge.Owner, network.Name, SynProxySets.Table, set, key, []);
}
