using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Bridge;

/// <summary>The uplink as the bridge's port, the VLAN link it may need, and the hand-over from other managers.</summary>
internal static class UplinkParts
{
    /// <summary>The records of an uplink.</summary>
    public static IEnumerable<Resource> Build(BridgeNetworkSpec network, UplinkPort port, BuildContext context, BridgeResource bridge)
    {
        var (uplink, nic) = (network.Uplink!, port.Name);
        var (owner, host) = (context.Project.Name, context.Host);
        foreach (var file in HostFiles.For(owner, network.Name, nic, bridge.Name, host.Managers, uplink.MoveAddresses)) yield return file;
        if (port.Vlan is { } id) yield return new VlanResource(owner, network.Name, nic, port.Nic, id) { Mtu = network.Mtu };
        NoteMtu(network, nic, context);
        yield return new UplinkResource(owner, network.Name, nic, bridge.Name)
        {
            Mtu = network.Mtu,
            MoveAddresses = uplink.MoveAddresses,
            Cost = uplink.Cost,
            Priority = uplink.Priority,
            Vlans = bridge.VlanFiltering ? new PortVlans(bridge.DefaultPvid, network.Vlan?.Trunk ?? []) : null,
        };
    }

    private static void NoteMtu(BridgeNetworkSpec network, string nic, BuildContext context)
    {
        if (network.Mtu is { } mtu && context.Host.Link(nic) is { } link && link.Mtu != mtu)
            context.Notes.Add(new("WEFT3111", Severity.Info, $"network {network.Name}: the MTU of {nic} itself changes from {link.Mtu} to {mtu}; its switch port must carry that", network.At));
    }
}
