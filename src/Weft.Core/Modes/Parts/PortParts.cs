using System.Net;
using System.Net.Sockets;
using Weft.Core.Ipam;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>Taps and what they may send.</summary>
internal static class PortParts
{
    /// <summary>Taps of all ports with their policy, and the table it lives in.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">What was given.</param>
    /// <param name="bridge">The bridge.</param>
    public static IEnumerable<Resource> Build(NetworkSpec network, BuildContext context, BridgeResource bridge)
    {
        if (context.Ports.IsEmpty) yield break;
        yield return NftSkeleton.Bridge;
        foreach (var port in context.Ports)
        {
            var spec = context.Declaration(port);
            yield return Tap(network, context, bridge, port, spec);
            foreach (var element in Policy(network, context, bridge, port, spec)) yield return element;
        }
    }

    private static TapResource Tap(NetworkSpec network, BuildContext context, BridgeResource bridge, PortAllocation port, PortSpec spec) =>
        new(context.Project.Name, network.Name, port.Tap, bridge.Name, port.Machine)
        {
            Mtu = bridge.Mtu,
            MultiQueue = spec.Queues > 1,
            Isolated = spec.Isolated,
            Hairpin = spec.Hairpin,
            // Without STP the bridge forwards BPDUs like other frames, and the table drops them; the guard would only be a way to lose the port.
            BpduGuard = bridge.Stp.Enabled && spec.Edge,
            Cost = spec.Cost,
            Vlans = bridge.VlanFiltering ? Vlans(bridge, spec) : null,
        };

    private static PortVlans Vlans(BridgeResource bridge, PortSpec spec) =>
        new(spec.Vlan ?? (spec.Trunk.IsEmpty ? bridge.DefaultPvid : null), spec.Trunk);

    private static IEnumerable<Resource> Policy(NetworkSpec network, BuildContext context, BridgeResource bridge, PortAllocation port, PortSpec spec)
    {
        NftElementResource Element(string set, string[] fields, params string[] data) =>
            new(bridge.Owner, network.Name, BridgeSets.Table, set, [port.Tap, .. fields], [.. data]);

        yield return Element(BridgeSets.Ports, [], spec.AntiSpoof ? "goto guard" : "goto loose");
        if (!spec.AntiSpoof) yield break;
        var mac = port.Mac.ToString();
        yield return Element(BridgeSets.Macs, [mac]);
        foreach (var a in port.Addresses.Concat(OwnMade(network, context, port)).Distinct())
            foreach (var set in a.AddressFamily == AddressFamily.InterNetwork ? Sources4 : Sources6) yield return Element(set, [mac, a.ToString()]);
        foreach (var free in Free(network, port)) yield return Element(free, []);
        foreach (var subnet in network.Dhcp.Stateful6 ? [] : BridgeParts.Subnets(network, context).Where(l => !l.Prefix.IsV4))
        {
            foreach (var set in SlaacSets) yield return Element(set, [NftElementText.Prefix(subnet.Prefix)]);
            foreach (var set in bridge.HostAddresses ? RouterSets : []) yield return Element(set, [subnet.Gateway.ToString()]);
        }
        foreach (var set in bridge.HostAddresses ? RouterSets : []) yield return Element(set, [BridgeParts.LinkLocal(bridge.Mac).ToString()]);
    }

    // What a machine makes itself in a /64 without asking; privacy addresses (RFC 8981) only where the network is for SLAAC.
    private static IEnumerable<IPAddress> OwnMade(NetworkSpec network, BuildContext context, PortAllocation port) =>
        BridgeParts.Subnets(network, context).Where(s => s.Prefix is { IsV4: false, Length: 64 }).Select(s => port.Mac.Eui64(s.Prefix));

    private static readonly string[] Sources4 = [BridgeSets.Source4];
    private static readonly string[] Sources6 = [BridgeSets.Source6, BridgeSets.Targets];
    private static readonly string[] SlaacSets = [BridgeSets.Slaac, BridgeSets.SlaacTargets];
    private static readonly string[] RouterSets = [BridgeSets.Routers, BridgeSets.RouterTargets];

    // On a bridge whose addresses somebody else gives, a family without an address of Weft's is held to the MAC alone.
    private static IEnumerable<string> Free(NetworkSpec network, PortAllocation port)
    {
        if (network is not BridgeNetworkSpec) yield break;
        if (!port.Addresses.Any(a => a.AddressFamily == AddressFamily.InterNetwork)) yield return BridgeSets.Any4;
        if (!port.Addresses.Any(a => a.AddressFamily == AddressFamily.InterNetworkV6)) yield return BridgeSets.Any6;
    }
}
