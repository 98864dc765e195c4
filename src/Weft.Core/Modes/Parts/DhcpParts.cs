using Weft.Core.Ipam;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>DHCP, router advertisements and DNS of a network.</summary>
internal static class DhcpParts
{
    /// <summary>The scope and its machines; nothing when the network has no server of Weft's.</summary>
    public static IEnumerable<Resource> Build(NetworkSpec network, BuildContext context, BridgeResource bridge, bool router)
    {
        var subnets = BridgeParts.Subnets(network, context);
        if (!Layouts.ServesDhcp(network) || subnets.IsEmpty) yield break;
        yield return new DhcpScopeResource(bridge.Owner, network.Name, bridge.Name)
        {
            Ranges = [.. subnets.Select(s => Range(s, network.Dhcp))],
            LeaseSeconds = network.Dhcp.LeaseSeconds,
            Domain = $"{network.Name}.{context.Project.Domain}",
            Mtu = bridge.Mtu,
            Dns = network.Dns.Enabled,
            DnsServers = network.Dhcp.DnsServers,
            Forwarders = network.Dns.Forwarders,
            Records = network.Dns.Records,
            Texts = network.Dns.Texts,
            Services = network.Dns.Services,
            Router = router,
        };
        foreach (var port in context.Ports.Where(p => !p.Addresses.IsEmpty))
            yield return new DhcpHostResource(bridge.Owner, network.Name, bridge.Name, NameOf(port), port.Mac) { Addresses = port.Addresses };
    }

    private static DhcpRange Range(SubnetLayout s, DhcpSpec dhcp) => s.Dynamic is { } d
        ? new(s.Prefix, s.Gateway, d.First, d.Last, StaticOnly: false, dhcp.Stateful6)
        : new(s.Prefix, s.Gateway, s.Prefix.Address, s.Prefix.Address, StaticOnly: true, dhcp.Stateful6);

    // A machine's second port on the network needs a name of its own.
    private static string NameOf(PortAllocation port) => port.Index == 0 ? port.Machine : $"{port.Machine}-{port.Index}";
}
