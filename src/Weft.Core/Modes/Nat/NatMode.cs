using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Bridge;
using Weft.Core.Modes.Parts;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>A routed network behind the host (M9-M12): a bridge with the host's addresses, translation, forwards, DHCP and DNS.</summary>
public sealed class NatMode : IMode
{
    /// <inheritdoc/>
    public string Name => "nat";

    /// <summary>
    /// The link the file names; else those of the default routes, the IPv4 one first. A default route of a NIC that gives its addresses to a
    /// bridge of Weft's will be the bridge's, and one of a bridge that gives them back the NIC's. An isolated network has none.
    /// </summary>
    public IEnumerable<string> Uplinks(NetworkSpec network, ProjectSpec project, HostModel host, ImmutableArray<NetworkAllocation> given)
    {
        var nat = (NatNetworkSpec)network;
        if (nat.Nat == NatKind.Isolated) return [];
        if (nat.Uplink is not null) return [nat.Uplink];
        var bridges = BridgesOver(project, host, given);
        return new[] { DefaultLink(host, true), DefaultLink(host, false) }.OfType<string>().Select(l => bridges.GetValueOrDefault(l) ?? (bridges.ContainsValue(l) ? l : NicUnder(l, project, host))).Distinct();
    }

    // A bridge that the project had over it, and has no more.
    private static string NicUnder(string link, ProjectSpec project, HostModel host) =>
        host.Link(link)?.IsOf(project.Name) == true && host.Links.FirstOrDefault(l => l.Master == link && !l.IsOurs) is { } nic ? nic.Name : link;

    private static Dictionary<string, string> BridgesOver(ProjectSpec project, HostModel host, ImmutableArray<NetworkAllocation> given)
    {
        var bridges = new Dictionary<string, string>();
        foreach (var n in project.Networks.OfType<BridgeNetworkSpec>())
            if (n.Uplink is { MoveAddresses: true } u && given.FirstOrDefault(g => g.Project == project.Name && g.Network == n.Name) is { } g)
                bridges[UplinkPort.Of(u, project.Name, host).Name] = g.Bridge;
        return bridges;
    }

    /// <inheritdoc/>
    public void Check(NetworkSpec network, CheckContext context) => NatChecks.All((NatNetworkSpec)network, context);

    /// <inheritdoc/>
    public IEnumerable<Resource> Build(NetworkSpec network, BuildContext context)
    {
        var nat = (NatNetworkSpec)network;
        var uplinks = context.Network.Uplinks;
        var subnets = BridgeParts.Subnets(network, context);
        var bridge = BridgeParts.Bridge(network, context, Mtu(nat, context), hostAddresses: true);
        bridge = bridge with { Ip = ForwardingParts.OfBridge(nat, context.Host, bridge, subnets) };
        List<Resource> all = [bridge, NftSkeleton.Inet];
        all.AddRange(subnets.Select(s => new AddressResource(bridge.Owner, nat.Name, bridge.Name, new IpPrefix(s.Gateway, s.Prefix.Length))));
        all.AddRange(ForwardingParts.Build(nat, context.Host, bridge, uplinks, subnets));
        all.AddRange(new NatElements(nat, bridge, uplinks, subnets).Build());
        all.AddRange(new ForwardParts(nat, context, bridge, uplinks, subnets).Build());
        all.AddRange(PortParts.Build(network, context, bridge));
        all.AddRange(BridgeParts.Fdb(network, context, null));
        all.AddRange(DhcpParts.Build(network, context, bridge, router: nat.Nat != NatKind.Isolated));
        all.AddRange(BridgeParts.BridgeNetfilter(context.Host));
        all.AddRange(AdoptedParts.Build(context, bridge));
        all.AddRange(RouteParts.Build(network, bridge));
        return all;
    }

    // The uplink may be a bridge of this project, which is as large as its own network says.
    private static int Mtu(NatNetworkSpec network, BuildContext context)
    {
        var over = context.Project.Networks.OfType<BridgeNetworkSpec>().FirstOrDefault(b => context.BridgeOf(b.Name) is { } name && context.Network.Uplinks.Contains(name));
        return network.Mtu ?? (over is null ? (int?)null : BridgeMode.Mtu(over, context)) ?? BridgeParts.Mtu(network, context.Host, context.Network.Uplinks);
    }

    private static string? DefaultLink(HostModel host, bool v4) =>
        host.Routes.Where(r => r is { Destination.Length: 0, Link: not null, Table: 254 } && r.Destination.IsV4 == v4).MinBy(r => r.Metric)?.Link;
}
