using Weft.Core.Diagnostics;
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

    /// <summary>Name of the link that becomes the bridge's port: the NIC, or its VLAN as iproute2 users name it.</summary>
    public static string UplinkName(UplinkSpec uplink) => uplink.Vlan is null ? uplink.Link : $"{uplink.Link}.{uplink.Vlan}";

    /// <inheritdoc/>
    public IEnumerable<string> Uplinks(NetworkSpec network, HostModel host) =>
        network is BridgeNetworkSpec { Uplink: { } uplink } ? [UplinkName(uplink)] : [];

    /// <inheritdoc/>
    public void Check(NetworkSpec network, CheckContext context)
    {
        var bridge = (BridgeNetworkSpec)network;
        LinkChecks.VlanFiltering(network, context);
        LinkChecks.SubnetsFree(network, context);
        if (bridge.Uplink is not null) BridgeChecks.Uplink(bridge, bridge.Uplink, context);
        BridgeChecks.Dhcp(bridge, context);
        LinkChecks.BridgeNetfilter(network, context);
    }

    /// <inheritdoc/>
    public IEnumerable<Resource> Build(NetworkSpec network, BuildContext context)
    {
        var spec = (BridgeNetworkSpec)network;
        var mtu = BridgeParts.Mtu(network, context.Host, spec.Uplink is null ? [] : [UplinkName(spec.Uplink), spec.Uplink.Link]);
        var gateways = spec.Uplink is null ? Gateways(spec, context).ToList() : [];
        var withHost = spec.Uplink is { MoveAddresses: true } || gateways.Count > 0;
        var bridge = BridgeParts.Bridge(network, context, mtu, withHost);
        List<Resource> all = [bridge, .. gateways, .. withHost ? [] : BridgeParts.WithoutHost(network, context)];
        if (spec.Uplink is not null) all.AddRange(UplinkParts.Build(spec, spec.Uplink, context, bridge));
        all.AddRange(PortParts.Build(network, context, bridge));
        all.AddRange(BridgeParts.Fdb(network, context, spec.Uplink is null ? null : UplinkName(spec.Uplink)));
        all.AddRange(DhcpParts.Build(network, context, bridge, router: true));
        all.AddRange(BridgeParts.BridgeNetfilter(context.Host));
        return all;
    }

    // Without an uplink the host is there when the network has a subnet; with one, its addresses are those that move.
    private static IEnumerable<Resource> Gateways(BridgeNetworkSpec spec, BuildContext context)
    {
        foreach (var subnet in Layouts.Of(spec, []))
            yield return new AddressResource(context.Project.Name, spec.Name, context.Network.Bridge, new IpPrefix(subnet.Gateway, subnet.Prefix.Length));
    }
}
