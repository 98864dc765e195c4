using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Bridge;

/// <summary>What the host's own IP does on a bridge that it shares a wire with: little is said, because there it is the administrator's.</summary>
internal static class HostParts
{
    // rtm_protocol of routes from router advertisements (linux/rtnetlink.h).
    private const int RTPROT_RA = 9;

    /// <summary>The settings. What a network of another mode had set is as on a new link again.</summary>
    public static BridgeIp Ip(BridgeResource bridge, BridgeNetworkSpec network, UplinkPort? port, IReadOnlyCollection<AddressResource> gateways, BuildContext context)
    {
        var (host, v6) = (context.Host, BridgeParts.HasIpv6(bridge, context.Host));
        var left = context.Before is { } before && before.Mode != network.Mode ? OfNewLink(host, v6) : new BridgeIp();
        return !v6 ? left : left with
        {
            Ipv6 = Ipv6(bridge, port, gateways, host) ?? left.Ipv6,
            AcceptRa = network.Uplink is { MoveAddresses: true } && LivesFromAdvertisements(host, port!.Name, bridge.Name) ? 2 : left.AcceptRa,
        };
    }

    // Where the host has no address it is off, so that none comes by itself; where it has one of IPv6 it is on, also on a host whose new links have
    // none, and before the address is there when the network had none until now.
    private static bool? Ipv6(BridgeResource bridge, UplinkPort? port, IReadOnlyCollection<AddressResource> gateways, HostModel host) =>
        !bridge.HostAddresses ? false
        : gateways.Any(g => !g.Address.IsV4) || host.Addresses.Any(a => IsHosts(a) && (a.Link == port?.Name || a.Link == bridge.Name)) ? true
        : null;

    // A link-local address comes by itself once the bridge is up, and one of Weft's goes with what it was declared for: neither must be what the next plan differs by.
    private static bool IsHosts(HostAddress a) => !a.Address.IsV4 && a.Scope != HostAddress.LinkScope && a.Protocol != AddressResource.Protocol;

    // The routes are on the NIC before the move and on the bridge after it.
    private static bool LivesFromAdvertisements(HostModel host, string nic, string bridge) =>
        host.Routes.Any(r => r.Protocol == RTPROT_RA && (r.Link == nic || r.Link == bridge));

    private static BridgeIp OfNewLink(HostModel host, bool v6)
    {
        var ip = new BridgeIp { Ipv4Forwarding = Flag(HostSysctls.DefaultIpv4Forwarding) };
        return !v6 ? ip : ip with
        {
            Ipv6 = !Flag(HostSysctls.DefaultDisableIpv6),
            AcceptRa = int.TryParse(host.Sysctls.GetValueOrDefault(HostSysctls.DefaultAcceptRa), out var ra) ? ra : null,
            Ipv6Forwarding = Flag(HostSysctls.DefaultIpv6Forwarding),
            Ipv6ForceForwarding = Flag(HostSysctls.DefaultIpv6ForceForwarding),
        };

        bool? Flag(string path) => host.Sysctls.TryGetValue(path, out var value) ? value != "0" : null;
    }
}
