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
        bridge = bridge with { Ip = HostParts.Ip(bridge, spec, port, gateways, context) };
        List<Resource> all = [bridge, .. gateways];
        if (port is not null) all.AddRange(UplinkParts.Build(spec, port, context, bridge));
        all.AddRange(PortParts.Build(network, context, bridge, port?.Name));
        all.AddRange(BridgeParts.Fdb(network, context, port?.Name));
        all.AddRange(DhcpParts.Build(network, context, bridge, router: true));
        all.AddRange(BridgeParts.BridgeNetfilter(context.Host));
        all.AddRange(AdoptedParts.Build(context, bridge));
        all.AddRange(RouteParts.Build(network, bridge));
        return all;
    }

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
