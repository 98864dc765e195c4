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

    /// <summary>The sysctls of a network.</summary>
    public static IEnumerable<Resource> Build(NatNetworkSpec network, HostModel host, BridgeResource bridge, ImmutableArray<string> uplinks, ImmutableArray<SubnetLayout> subnets)
    {
        SysctlResource Own(string path, string value) => new(bridge.Owner, network.Name, path, value);
        var v6 = BridgeParts.HasIpv6(bridge, host);
        // A machine must not be able to talk the host into a default route.
        if (v6) yield return Own($"net/ipv6/conf/{bridge.Name}/accept_ra", "0");
        if (network.Nat == NatKind.Isolated) yield break;
        foreach (var path in V4(subnets, bridge.Name)) yield return Own(path, "1");
        foreach (var path in uplinks.SelectMany(u => V4(subnets, u))) yield return Common(path, "1");
        if (!v6 || subnets.All(s => s.Prefix.IsV4)) yield break;
        yield return Own($"net/ipv6/conf/{bridge.Name}/forwarding", "1");
        if (host.Features.Contains(HostFeatures.Ipv6ForceForwarding))
        {
            yield return Own($"net/ipv6/conf/{bridge.Name}/force_forwarding", "1");
            foreach (var u in uplinks) yield return Common($"net/ipv6/conf/{u}/force_forwarding", "1");
        }
        else
        {
            foreach (var link in FromAdvertisements(host)) yield return Common($"net/ipv6/conf/{link}/accept_ra", "2");
            yield return Common("net/ipv6/conf/all/forwarding", "1");
        }
    }

    private static IEnumerable<string> V4(ImmutableArray<SubnetLayout> subnets, string link) =>
        subnets.Any(s => s.Prefix.IsV4) ? [$"net/ipv4/conf/{link}/forwarding"] : [];

    // Forwarding makes a link deaf to router advertisements unless accept_ra is 2, and drops the default route it had from them.
    private static IEnumerable<string> FromAdvertisements(HostModel host) =>
        host.Routes.Where(r => r is { Protocol: RTPROT_RA, Link: not null }).Select(r => r.Link!).Distinct();

    private static SysctlResource Common(string path, string value) => new(Resource.Shared, "", path, value);
}
