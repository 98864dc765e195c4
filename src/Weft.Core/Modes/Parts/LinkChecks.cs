using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Bridge;
using Weft.Core.Policy;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>Checks that both modes make.</summary>
internal static class LinkChecks
{
    /// <summary>The link, or null after an error that it is missing, a loopback or wireless.</summary>
    public static HostLink? Usable(NetworkSpec network, string name, Location at, CheckContext c, bool asPort)
    {
        if (c.Host.Link(name) is not { } link)
            c.Faults.Error(Diagnostic.MissingLink, at, $"network {network.Name}: there is no link {name} on this host", Nearest.Hint(name, [.. Physical(c.Host)]));
        else if (link.Loopback)
            c.Faults.Error("WEFT3002", at, $"network {network.Name}: {name} is the loopback and leads nowhere", "name a NIC, bond or VLAN");
        else if (asPort && link.Wireless)
            c.Faults.Error("WEFT3003", at, $"network {network.Name}: {name} is wireless; access points drop frames of MACs that did not log in, so machines behind it stay deaf",
                "use 'mode: nat' with this uplink");
        else
            return link;
        return null;
    }

    /// <summary>Warns of an uplink without a signal.</summary>
    public static void Carrier(NetworkSpec network, HostLink link, Location at, CheckContext c)
    {
        if (link is { Up: true, Carrier: true }) return;
        c.Faults.Warn("WEFT3004", at, $"network {network.Name}: uplink {link.Name} {(link.Up ? "has no carrier" : "is down")}",
            link.Up ? "check the cable or the switch's port" : null);
    }

    /// <summary>The MTU must be one that the link's driver takes.</summary>
    public static void MtuFits(NetworkSpec network, HostLink link, Location at, CheckContext c)
    {
        if (network.Mtu is not { } mtu || (mtu <= link.MaxMtu || link.MaxMtu == 0) && mtu >= link.MinMtu) return;
        c.Faults.Error("WEFT3005", at, $"network {network.Name}: mtu {mtu} is not possible on {link.Name}, whose driver takes {link.MinMtu} to {link.MaxMtu}",
            $"set 'mtu: {Math.Clamp(mtu, link.MinMtu, link.MaxMtu)}' or take another NIC");
    }

    /// <summary>VLANs need a kernel that filters them.</summary>
    public static void VlanFiltering(NetworkSpec network, CheckContext c)
    {
        if (BridgeParts.IsVlanAware(network) && !c.Host.Features.Contains(HostFeatures.BridgeVlan))
            c.Faults.Error("WEFT3006", network.At, $"network {network.Name}: this kernel's bridges do not filter VLANs (CONFIG_BRIDGE_VLAN_FILTERING)",
                "leave out 'vlan', or use a VLAN of the uplink (uplink: { link: NIC, vlan: ID })");
    }

    /// <summary>Says what br_netfilter does to bridged packets where Weft leaves it on.</summary>
    public static void BridgeNetfilter(NetworkSpec network, CheckContext c)
    {
        if (c.Host.Sysctls.GetValueOrDefault(HostSysctls.BridgeNfCallIptables) != "1" || !BridgeParts.HasForeignBridge(c.Host)) return;
        var bridge = c.Given.Network(c.Project.Name, network.Name)?.Bridge;
        var filters = c.Host.Filters.Where(f => !f.Input && !(bridge is not null && f.LetsThrough(bridge))).ToList();
        var droppers = string.Join("; ", filters.Select(f => $"{f.Chain} ({f.Reason}{(f.Tool.Length > 0 ? $", {f.Tool}" : "")})"));
        c.Faults.Warn("WEFT3007", network.At,
            $"network {network.Name}: br_netfilter is on ({HostSysctls.BridgeNfCallIptables} = 1), so bridged packets pass the host's IP filters too"
            + (droppers.Length > 0 ? $" and would be dropped by {droppers}" : ""),
            filters.Select(f => f.RemedyFor(bridge ?? "the bridge")).FirstOrDefault(r => r is not null) ?? "set it to 0 unless the other bridges of this host need it");
    }

    /// <summary>
    /// One NIC under a bridge and behind a NAT network (M31): as a port it has no addresses to route from. Networks of one file that name it
    /// are compared when it is read.
    /// </summary>
    public static void NotShared(NetworkSpec network, string link, Location at, CheckContext c, string otherMode)
    {
        foreach (var rival in c.Given.Networks.Where(n => n.Project != c.Project.Name && n.Mode == otherMode && n.Uplinks.Contains(link)))
            c.Faults.Error("WEFT3008", at,
                $"network {network.Name}: {link} is the uplink of {otherMode} network {rival.Network} of project {rival.Project}; one NIC cannot be under a bridge and behind a NAT network",
                "give one of them another NIC or a VLAN of this one");
    }

    /// <summary>Remarks on limits that are rounded, and features that limits need.</summary>
    public static void Protection(NetworkSpec network, ProtectSpec? protect, Location at, CheckContext c)
    {
        if (protect is null) return;
        Needs(network, protect.SynProxy, HostFeatures.SynProxy, "syn_proxy", "CONFIG_NFT_SYNPROXY", at, c);
        Needs(network, protect.Connections is not null, HostFeatures.ConnLimit, "connections", "CONFIG_NFT_CONNLIMIT", at, c);
        foreach (var (name, wish) in new[] { ("syn_rate", protect.SynRate), ("connections", protect.Connections) })
            if (wish is { } n && LimitClasses.For(n) != n)
                c.Faults.Add(new("WEFT3010", Severity.Info, $"network {network.Name}: {name} {n} becomes {LimitClasses.For(n)}, the next limit there is a chain for", at));
    }

    private static void Needs(NetworkSpec network, bool wanted, string feature, string key, string config, Location at, CheckContext c)
    {
        if (wanted && !c.Host.Features.Contains(feature))
            c.Faults.Error("WEFT3009", at, $"network {network.Name}: {key} needs a kernel with {config}", $"leave out '{key}'");
    }

    /// <summary>Subnets must not be those of others on this host.</summary>
    public static void SubnetsFree(NetworkSpec network, CheckContext c)
    {
        HashSet<string> mine = [.. c.Host.Links.Where(l => l.IsOf(c.Project.Name)).Select(l => l.Name)];
        if (network is BridgeNetworkSpec { Uplink: { } uplink }) mine.Add(UplinkPort.Of(uplink, c.Project.Name, c.Host).Name);
        foreach (var subnet in network.Subnets)
        {
            if (c.Host.Addresses.FirstOrDefault(a => !mine.Contains(a.Link) && a.Address.Length > 0 && a.Address.Overlaps(subnet.Prefix)) is { } address)
                c.Faults.Error("WEFT3011", subnet.At, $"network {network.Name}: {subnet.Prefix} overlaps {address.Address} of link {address.Link}", "choose another subnet");
            else if (c.Given.Networks.FirstOrDefault(n => n.Project != c.Project.Name && n.Subnets.Any(p => p.Overlaps(subnet.Prefix))) is { } other)
                c.Faults.Error("WEFT3012", subnet.At, $"network {network.Name}: {subnet.Prefix} overlaps network {other.Network} of project {other.Project}", "choose another subnet");
        }
    }

    private static IEnumerable<string> Physical(HostModel host) =>
        host.Links.Where(l => !l.Loopback && l.Kind is not ("tun" or "bridge") && !l.IsOurs).Select(l => l.Name);
}
