using System.Collections.Immutable;
using System.Net;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>The bridge itself and what belongs to it in every mode.</summary>
internal static class BridgeParts
{
    /// <summary>MTU where neither the file nor an uplink says one; bytes.</summary>
    public const int DefaultMtu = 1500;

    /// <summary>The network's one MTU: the file's, else the first uplink's, else 1500.</summary>
    public static int Mtu(NetworkSpec network, HostModel host, IEnumerable<string> uplinks) =>
        network.Mtu ?? uplinks.Select(u => host.Link(u)?.Mtu).FirstOrDefault(m => m is not null) ?? DefaultMtu;

    /// <summary>True when frames carry VLANs on this bridge: a port that names any is refused elsewhere.</summary>
    public static bool IsVlanAware(NetworkSpec network) => network.Vlan is not null;

    /// <summary>The bridge.</summary>
    public static BridgeResource Bridge(NetworkSpec network, BuildContext context, int mtu, bool hostAddresses) =>
        new(context.Project.Name, network.Name, context.Network.Bridge)
        {
            Mac = context.Network.Mac,
            Mtu = mtu,
            Stp = network.Stp ?? new StpSpec(false),
            VlanFiltering = IsVlanAware(network),
            DefaultPvid = network.Vlan?.Native ?? 1,
            AgeingSeconds = network.Options.Ageing,
            McastSnooping = network.Options.MulticastSnooping,
            McastQuerier = network.Options.MulticastQuerier,
            HostAddresses = hostAddresses || !context.Host.Features.Contains(HostFeatures.Ipv6), // without IPv6 none would come
        };

    /// <summary>True when the kernel has IPv6 on the bridge: below its smallest MTU it has none (RFC 8200, section 5).</summary>
    public static bool HasIpv6(BridgeResource bridge, HostModel host) => bridge.Mtu >= LeftToKernel.Ipv6Mtu && host.Features.Contains(HostFeatures.Ipv6);

    /// <summary>Static FDB entries; a port is a link's name, "uplink", or a machine.</summary>
    public static IEnumerable<Resource> Fdb(NetworkSpec network, BuildContext context, string? uplink)
    {
        foreach (var entry in network.Fdb)
            if (PortOf(entry, context, uplink) is { } port) yield return new FdbResource(context.Project.Name, network.Name, port, entry.Mac, entry.Vlan);
    }

    private static string? PortOf(FdbSpec entry, BuildContext context, string? uplink) =>
        entry.Port == "uplink" ? uplink : context.Ports.FirstOrDefault(p => p.Machine == entry.Port)?.Port ?? entry.Port;

    /// <summary>
    /// Keeps bridged frames out of the host's IP filters where nobody needs them there: with br_netfilter loaded, every bridged packet else goes
    /// through iptables and may be dropped by rules that were written for routing. Where somebody else has a bridge the setting is theirs.
    /// </summary>
    public static IEnumerable<Resource> BridgeNetfilter(HostModel host)
    {
        if (HasForeignBridge(host)) yield break;
        foreach (var path in new[] { HostSysctls.BridgeNfCallIptables, HostSysctls.BridgeNfCallIp6tables, HostSysctls.BridgeNfCallArptables })
            if (host.Sysctls.ContainsKey(path)) yield return new SysctlResource(Resource.Shared, "", path, "0");
    }

    /// <summary>True when the host has a bridge that is not Weft's.</summary>
    public static bool HasForeignBridge(HostModel host) =>
        host.Links.Any(l => l.Kind == "bridge" && !l.IsOurs);

    /// <summary>The link-local address that the kernel makes of a MAC (modified EUI-64, RFC 4291 appendix A).</summary>
    public static IPAddress LinkLocal(MacAddress mac) => mac.Eui64(IpPrefix.Parse("fe80::/64"));

    /// <summary>The subnets in force.</summary>
    public static ImmutableArray<SubnetLayout> Subnets(NetworkSpec network, BuildContext context) =>
        Layouts.Of(network, context.Network.Subnets);
}
