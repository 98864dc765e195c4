using Weft.Core.Diagnostics;
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
        var port = UplinkPort.Of(uplink, c.Project.Name, c.Host);
        if (LinkChecks.Usable(network, port.Nic, uplink.At, c, asPort: true) is not { } link) return;
        if (port.Vlan is not null) Vlan(network, uplink, link, port.Name, c);
        NoBridge(network, port.Name, uplink.At, c);
        NotAPort(network, port.Name, uplink.At, c);
        LinkChecks.NotShared(network, port.Name, uplink.At, c, "nat");
        OneBridge(network, port.Name, uplink.At, c);
        LinkChecks.Carrier(network, link, uplink.At, c);
        LinkChecks.MtuFits(network, link, uplink.At, c);
        Managers(network, port.Name, uplink.At, c);
    }

    private static void Vlan(BridgeNetworkSpec network, UplinkSpec uplink, HostLink parent, string name, CheckContext c)
    {
        if (!c.Host.Features.Contains(HostFeatures.Vlan8021q))
            c.Faults.Error("WEFT3103", uplink.At, $"network {network.Name}: this kernel makes no VLAN links (CONFIG_VLAN_8021Q)", "load the module 8021q or use a kernel that has it");
        if (network.Mtu > parent.Mtu)
            c.Faults.Error("WEFT3106", uplink.At, $"network {network.Name}: mtu {network.Mtu} does not fit into {parent.Name}, which carries other traffic at {parent.Mtu}", $"raise the MTU of {parent.Name} first");
    }

    // The kernel refuses one as the port of another (ELOOP).
    private static void NoBridge(BridgeNetworkSpec network, string port, Location at, CheckContext c)
    {
        if (c.Host.Link(port)?.Kind == "bridge")
            c.Faults.Error("WEFT3113", at, $"network {network.Name}: {port} is a bridge, and a bridge cannot be a port of a bridge", $"name the NIC under {port}, or use 'mode: nat' with this uplink");
    }

    private static void NotAPort(BridgeNetworkSpec network, string port, Location at, CheckContext c)
    {
        if (c.Host.Link(port)?.Master is not { } master) return;
        if (c.Host.Link(master)?.IsOf(c.Project.Name) == true) return;
        var owner = c.Given.Networks.FirstOrDefault(n => n.Bridge == master);
        c.Faults.Error("WEFT3107", at, $"network {network.Name}: {port} is already a port of {master}{(owner is null ? "" : $" (project {owner.Project}, network {owner.Network})")}",
            owner is null ? $"take it out of {master} first, or name {master} as the uplink of a NAT network" : "use that network, or another NIC");
    }

    // Two networks of one file are compared when it is read; here those of other projects.
    private static void OneBridge(BridgeNetworkSpec network, string port, Location at, CheckContext c)
    {
        foreach (var other in c.Given.Networks.Where(n => n.Project != c.Project.Name && n.Mode == "bridge" && n.Uplinks.Contains(port)))
            c.Faults.Error("WEFT3108", at, $"network {network.Name}: {port} is the uplink of network {other.Network} of project {other.Project}; a link is a port of one bridge",
                "give it a VLAN of the NIC, or use that network");
    }

    private static void Managers(BridgeNetworkSpec network, string nic, Location at, CheckContext c)
    {
        foreach (var m in c.Host.Managers.Where(m => m.Link == nic))
        {
            if (m.LeaseEnds)
                c.Faults.Warn("WEFT3112", at, $"network {network.Name}: {m.Manager} has a DHCP lease for {m.Link} that nobody goes on with on the bridge; its address ends with the lease",
                    "install dhcpcd-base or isc-dhcp-client, or give the NIC a static address");
            c.Faults.Add(HostFiles.CanHandOver(m.Manager)
                ? new("WEFT3109", Severity.Info, $"network {network.Name}: {m.Manager} configures {m.Link} ({m.Evidence}); it hands the link over while the network is there{HostFiles.Price(m.Manager)}", at)
                : new("WEFT3110", Severity.Warning, $"network {network.Name}: {m.Manager} configures {m.Link} ({m.Evidence}) and has no way to leave out one NIC by a drop-in", at, HostFiles.Advice(m.Manager)));
        }
    }
}
