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
    /// <summary>The table that ports are held to, what the bridge does with strangers, and the ports with their policy.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">What was given.</param>
    /// <param name="bridge">The bridge.</param>
    /// <param name="uplink">The bridge's port to the outside; null for none.</param>
    public static IEnumerable<Resource> Build(NetworkSpec network, BuildContext context, BridgeResource bridge, string? uplink = null)
    {
        yield return NftSkeleton.BridgeFor(context.Host);
        foreach (var element in StrangerParts.OfBridge(network, context, bridge, uplink)) yield return element;
        foreach (var port in context.Ports)
        {
            var spec = context.Declaration(port);
            if (!port.Guest)
            {
                yield return Tap(network, context, bridge, port, spec);
                foreach (var element in Policy(network, context, bridge, port, spec, port.Tap)) yield return element;
            }
            if (port.Link is not { } link) continue;
            yield return GuestLink(network, context, bridge, port, spec, link);
            foreach (var element in Policy(network, context, bridge, port, spec, link)) yield return element;
        }
    }

    private static TapResource Tap(NetworkSpec network, BuildContext context, BridgeResource bridge, PortAllocation port, PortSpec spec) =>
        new(context.Project.Name, network.Name, port.Tap, bridge.Name, port.Machine)
        {
            Mtu = bridge.Mtu,
            MultiQueue = spec.Queues > 1,
            Isolated = spec.Isolated,
            Hairpin = spec.Hairpin,
            BpduGuard = BpduGuard(bridge, spec),
            Cost = spec.Cost,
            Vlans = bridge.VlanFiltering ? Vlans(bridge, spec) : null,
        };

    private static GuestLinkResource GuestLink(NetworkSpec network, BuildContext context, BridgeResource bridge, PortAllocation port, PortSpec spec, string link) =>
        new(context.Project.Name, network.Name, link, bridge.Name, port.Machine)
        {
            Isolated = spec.Isolated,
            Hairpin = spec.Hairpin,
            BpduGuard = BpduGuard(bridge, spec),
            Cost = spec.Cost,
            Vlans = bridge.VlanFiltering ? Vlans(bridge, spec) : null,
        };

    // Without STP the bridge forwards BPDUs like other frames, and the table drops them; the guard would only be a way to lose the port.
    private static bool BpduGuard(BridgeResource bridge, PortSpec spec) => bridge.Stp.Enabled && spec.Edge;

    private static PortVlans Vlans(BridgeResource bridge, PortSpec spec) =>
        new(spec.Vlan ?? (spec.Trunk.IsEmpty ? bridge.DefaultPvid : null), spec.Trunk);

    private static IEnumerable<Resource> Policy(NetworkSpec network, BuildContext context, BridgeResource bridge, PortAllocation port, PortSpec spec, string link)
    {
        NftElementResource Element(string set, string[] fields, params string[] data) =>
            new(bridge.Owner, network.Name, BridgeSets.Table, set, [link, .. fields], [.. data]);

        foreach (var known in StrangerParts.OfPort(network, context, bridge, link, spec.AntiSpoof ? "goto guard" : "goto loose")) yield return known;
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
