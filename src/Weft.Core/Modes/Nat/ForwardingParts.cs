using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>
/// Switches forwarding on for the links that need it. IPv4: the kernel asks the link a packet came from, so the bridge's and the uplink's own
/// switches are enough. IPv6: only net.ipv6.conf.all.forwarding counts, until Linux 6.17 gave each link its force_forwarding; the bridge's own
/// switch makes the host say in neighbour advertisements that it is a router.
/// </summary>
internal static class ForwardingParts
{
    // rtm_protocol of routes from router advertisements (linux/rtnetlink.h).
    private const int RTPROT_RA = 9;

    /// <summary>What the host's IP does on the bridge. All is said, so that what a network no longer is leaves nothing behind.</summary>
    public static BridgeIp OfBridge(NatNetworkSpec network, HostModel host, BridgeResource bridge, ImmutableArray<SubnetLayout> subnets)
    {
        var (v4, v6) = (IsRouted(network, subnets, true), IsRouted(network, subnets, false));
        if (!BridgeParts.HasIpv6(bridge, host)) return new BridgeIp { Ipv4Forwarding = v4 };
        var each = host.Features.Contains(HostFeatures.Ipv6ForceForwarding);
        return new BridgeIp
        {
            // On where an address of IPv6 comes, also on a host whose new links have none.
            Ipv6 = subnets.Any(s => !s.Prefix.IsV4) || host.Sysctls.GetValueOrDefault(HostSysctls.DefaultDisableIpv6) != "1",
            AcceptRa = 0, // a machine must not be able to talk the host into a default route
            Ipv4Forwarding = v4,
            Ipv6Forwarding = v6 ? true : each ? false : null, // setting that of the whole host sets that of every link
            Ipv6ForceForwarding = each ? v6 : null,
        };
    }

    /// <summary>The sysctls of a network's outer links and of the host.</summary>
    public static IEnumerable<Resource> Build(NatNetworkSpec network, HostModel host, BridgeResource bridge, ImmutableArray<string> uplinks, ImmutableArray<SubnetLayout> subnets)
    {
        if (IsRouted(network, subnets, true))
            foreach (var u in uplinks) yield return Common($"net/ipv4/conf/{u}/forwarding", "1");
        if (!BridgeParts.HasIpv6(bridge, host) || !IsRouted(network, subnets, false)) yield break;
        if (host.Features.Contains(HostFeatures.Ipv6ForceForwarding))
        {
            foreach (var u in uplinks) yield return Common($"net/ipv6/conf/{u}/force_forwarding", "1");
        }
        else
        {
            foreach (var link in FromAdvertisements(host)) yield return Common($"net/ipv6/conf/{link}/accept_ra", "2");
            yield return Common("net/ipv6/conf/all/forwarding", "1");
        }
    }

    private static bool IsRouted(NatNetworkSpec network, ImmutableArray<SubnetLayout> subnets, bool v4) =>
        network.Nat != NatKind.Isolated && subnets.Any(s => s.Prefix.IsV4 == v4);

    // Forwarding makes a link deaf to router advertisements unless accept_ra is 2, and drops the default route it had from them.
    private static IEnumerable<string> FromAdvertisements(HostModel host) =>
        host.Routes.Where(r => r is { Protocol: RTPROT_RA, Link: not null }).Select(r => r.Link!).Distinct();

    private static SysctlResource Common(string path, string value) => new(Resource.Shared, "", path, value);
}
