using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Bridge;

/// <summary>What bridge mode asks of a host.</summary>
internal static class BridgeChecks
{
    /// <summary>The uplink and all that may be wrong with it.</summary>
    public static void Uplink(BridgeNetworkSpec network, UplinkSpec uplink, CheckContext c)
    {
        if (LinkChecks.Usable(network, uplink.Link, uplink.At, c, asPort: true) is not { } link) return;
        var port = BridgeMode.UplinkName(uplink);
        if (uplink.Vlan is not null) Vlan(network, uplink, link, port, c);
        NotAPort(network, port, uplink.At, c);
        LinkChecks.NotShared(network, port, uplink.At, c, "nat");
        OneBridge(network, port, uplink.At, c);
        LinkChecks.Carrier(network, link, uplink.At, c);
        LinkChecks.MtuFits(network, link, uplink.At, c);
        Managers(network, uplink, c);
    }

    /// <summary>A DHCP server needs to know what to give.</summary>
    public static void Dhcp(BridgeNetworkSpec network, CheckContext c)
    {
        if (!Layouts.ServesDhcp(network)) return;
        if (network.Subnets.IsEmpty)
            c.Faults.Error("WEFT3101", network.At, $"network {network.Name}: DHCP is on, but there is no subnet to give addresses from", "give 'subnets:', or leave DHCP to the server on the uplink's side");
        else if (network.Uplink is not null)
            c.Faults.Warn("WEFT3102", network.At, $"network {network.Name}: this DHCP server answers everybody on the wire of {BridgeMode.UplinkName(network.Uplink)}, not only machines of this host",
                "make sure that no other DHCP server is there");
    }

    private static void Vlan(BridgeNetworkSpec network, UplinkSpec uplink, HostLink parent, string name, CheckContext c)
    {
        if (!c.Host.Features.Contains(HostFeatures.Vlan8021q))
            c.Faults.Error("WEFT3103", uplink.At, $"network {network.Name}: this kernel makes no VLAN links (CONFIG_VLAN_8021Q)", "load the module 8021q or use a kernel that has it");
        if (!LinkNames.IsValid(name))
            c.Faults.Error("WEFT3104", uplink.At, $"network {network.Name}: {name} is too long for a link's name ({LinkNames.MaxLength} bytes)", "give the NIC a shorter alternative name");
        if (c.Host.Link(name) is { } there && !IsOurs(there, c.Project.Name, network.Name))
            c.Faults.Error("WEFT3105", uplink.At, $"network {network.Name}: the link {name} exists already and is not Weft's", $"name it as the uplink: 'uplink: {name}'");
        if (network.Mtu > parent.Mtu)
            c.Faults.Error("WEFT3106", uplink.At, $"network {network.Name}: mtu {network.Mtu} does not fit into {parent.Name}, which carries other traffic at {parent.Mtu}", $"raise the MTU of {parent.Name} first");
    }

    private static bool IsOurs(HostLink link, string project, string network) =>
        link.Alias is { } alias && (alias == $"weft:{project}:{network}" || alias.StartsWith($"weft:{project}:{network}:", StringComparison.Ordinal));

    private static void NotAPort(BridgeNetworkSpec network, string port, Location at, CheckContext c)
    {
        if (c.Host.Link(port)?.Master is not { } master) return;
        if (c.Host.Link(master)?.Alias is { } alias && alias.StartsWith($"weft:{c.Project.Name}:", StringComparison.Ordinal)) return;
        var owner = c.Given.Networks.FirstOrDefault(n => n.Bridge == master);
        c.Faults.Error("WEFT3107", at, $"network {network.Name}: {port} is already a port of {master}{(owner is null ? "" : $" (project {owner.Project}, network {owner.Network})")}",
            owner is null ? $"take it out of {master} first, or name {master} as the uplink of a NAT network" : "use that network, or another NIC");
    }

    private static void OneBridge(BridgeNetworkSpec network, string port, Location at, CheckContext c)
    {
        foreach (var other in c.Project.Networks.OfType<BridgeNetworkSpec>())
            if (other.Name != network.Name && other.Uplink is { } u && BridgeMode.UplinkName(u) == port && string.CompareOrdinal(other.Name, network.Name) < 0)
                c.Faults.Error("WEFT3108", at, $"network {network.Name}: {port} is the uplink of network {other.Name}; a link is a port of one bridge", "give it a VLAN of the NIC, or use that network");
    }

    private static void Managers(BridgeNetworkSpec network, UplinkSpec uplink, CheckContext c)
    {
        foreach (var m in c.Host.Managers.Where(m => m.Link == uplink.Link))
            c.Faults.Add(HostFiles.CanHandOver(m.Manager)
                ? new("WEFT3109", Severity.Info, $"network {network.Name}: {m.Manager} configures {m.Link} ({m.Evidence}); a drop-in hands it over and is taken away with the network", uplink.At)
                : new("WEFT3110", Severity.Warning, $"network {network.Name}: {m.Manager} configures {m.Link} ({m.Evidence}) and has no way to leave out one NIC by a drop-in", uplink.At, HostFiles.Advice(m.Manager)));
    }
}
