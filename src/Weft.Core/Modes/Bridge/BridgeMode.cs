using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Bridge;

/// <summary>Machines on the uplink's own wire (M1): a bridge, the uplink or a VLAN of it as its port, taps.</summary>
public sealed class BridgeMode : IMode
{
    /// <inheritdoc/>
    public string Name => "bridge";

    /// <inheritdoc/>
    public IEnumerable<string> Uplinks(NetworkSpec network, ProjectSpec project, HostModel host, ImmutableArray<NetworkAllocation> given) =>
        network is BridgeNetworkSpec { Uplink: { } uplink } ? [UplinkPort.Of(uplink, project.Name, host).Name] : [];

    /// <inheritdoc/>
    public void Check(NetworkSpec network, CheckContext context)
    {
        var bridge = (BridgeNetworkSpec)network;
        LinkChecks.VlanFiltering(network, context);
        LinkChecks.SubnetsFree(network, context);
        if (bridge.Uplink is not null) BridgeChecks.Uplink(bridge, bridge.Uplink, context);
        LinkChecks.BridgeNetfilter(network, context);
    }

    /// <inheritdoc/>
    public IEnumerable<Resource> Build(NetworkSpec network, BuildContext context)
    {
        var spec = (BridgeNetworkSpec)network;
        var port = spec.Uplink is null ? null : UplinkPort.Of(spec.Uplink, context.Project.Name, context.Host);
        var mtu = Mtu(spec, context);
        var gateways = spec.Uplink is null ? Gateways(spec, context).ToList() : [];
        var withHost = spec.Uplink is { MoveAddresses: true } || gateways.Count > 0;
        var bridge = BridgeParts.Bridge(network, context, mtu, withHost);
        var v6 = gateways.Exists(g => !g.Address.IsV4) || context.Host.Addresses.Any(a => IsHosts(a) && (a.Link == port?.Name || a.Link == bridge.Name));
        List<Resource> all = [bridge, .. gateways, .. BridgeParts.HostIpv6(bridge, context.Host, v6)];
        if (port is not null) all.AddRange(UplinkParts.Build(spec, port, context, bridge));
        all.AddRange(PortParts.Build(network, context, bridge));
        all.AddRange(BridgeParts.Fdb(network, context, port?.Name));
        all.AddRange(DhcpParts.Build(network, context, bridge, router: true));
        all.AddRange(BridgeParts.BridgeNetfilter(context.Host));
        return all;
    }

    // A link-local address comes by itself once the bridge is up, and one of Weft's goes with what it was declared for: neither must be what the next plan differs by.
    private static bool IsHosts(HostAddress a) => !a.Address.IsV4 && a.Scope != HostAddress.LinkScope && a.Protocol != AddressResource.Protocol;

    /// <summary>The network's MTU: the file's, else the NIC's, else 1500.</summary>
    internal static int Mtu(BridgeNetworkSpec network, BuildContext context) => BridgeParts.Mtu(network, context.Host,
        network.Uplink is null ? [] : [UplinkPort.Of(network.Uplink, context.Project.Name, context.Host).Nic]);

    // Without an uplink the host is there when the network has a subnet; with one, its addresses are those that move.
    private static IEnumerable<AddressResource> Gateways(BridgeNetworkSpec spec, BuildContext context)
    {
        foreach (var subnet in Layouts.Of(spec, []))
            yield return new AddressResource(context.Project.Name, spec.Name, context.Network.Bridge, new IpPrefix(subnet.Gateway, subnet.Prefix.Length));
    }
}
