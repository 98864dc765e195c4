using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>What NAT mode asks of a host.</summary>
internal static class NatChecks
{
    // More would be as many elements, and as many lines of a plan.
    private const int MaxShiftedPorts = 1024;
    private const int MaxPoolAddresses = 256;

    /// <summary>All checks.</summary>
    public static void All(NatNetworkSpec n, CheckContext c)
    {
        LinkChecks.VlanFiltering(n, c);
        LinkChecks.SubnetsFree(n, c);
        Uplinks(n, c);
        Kind(n, c);
        foreach (var f in n.Forwards) Forward(n, f, c);
        foreach (var f in n.Floating) Target(n, f.Machine, f.At, c);
        PortClashes(n, c);
        Pool(n, c);
        LinkChecks.Protection(n, n.Protect, n.At, c);
        LinkChecks.BridgeNetfilter(n, c);
        Filters(n, c);
    }

    private static void Uplinks(NatNetworkSpec n, CheckContext c)
    {
        if (n.Nat == NatKind.Isolated) return;
        var uplinks = ModeCatalog.Of(n).Uplinks(n, c.Host).ToList();
        if (uplinks.Count == 0)
            c.Faults.Warn("WEFT3201", n.At, $"network {n.Name}: this host has no default route, so the network leads nowhere yet", "name an 'uplink:', or apply again when there is a default route");
        foreach (var name in uplinks) Uplink(n, name, c);
    }

    private static void Uplink(NatNetworkSpec n, string name, CheckContext c)
    {
        if (LinkChecks.Usable(n, name, n.At, c, asPort: false) is not { } link) return;
        LinkChecks.NotShared(n, name, n.At, c, "bridge");
        if (c.Given.Networks.FirstOrDefault(g => g.Bridge == name) is { } bridge)
            c.Faults.Error("WEFT3202", n.At, $"network {n.Name}: its uplink {name} is the bridge of {bridge.Mode} network {bridge.Network}{(n.Uplink is null ? ", which has the default route" : "")}; one NIC cannot be under a bridge and behind a NAT network",
                "give it another NIC or a VLAN as 'uplink:', or put the machines on that network");
        else if (link.Master is not null)
            c.Faults.Error("WEFT3203", n.At, $"network {n.Name}: its uplink {name} is a port of {link.Master} and has no addresses of its own", $"name {link.Master} instead");
        LinkChecks.Carrier(n, link, n.At, c);
    }

    private static void Kind(NatNetworkSpec n, CheckContext c)
    {
        if (n.Nat == NatKind.Isolated && (n.Forwards.Length > 0 || n.Floating.Length > 0 || n.SnatPool is not null || n.Uplink is not null))
            c.Faults.Error("WEFT3204", n.At, $"network {n.Name}: nat: isolated lets nothing in or out, but there are forwards, floating addresses, a pool or an uplink", "use 'nat: masquerade' or 'full', or take them out");
        if (n.Nat != NatKind.Full && n.Floating.Length > 0 && n.Nat != NatKind.Isolated)
            c.Faults.Error("WEFT3205", n.At, $"network {n.Name}: floating addresses need 'nat: full'", "set 'nat: full'");
        if (n.Nat == NatKind.Routed && n.SnatPool is not null)
            c.Faults.Error("WEFT3206", n.At, $"network {n.Name}: nat: routed translates nothing, so there is no use for a pool", "take out the pool or use 'nat: masquerade'");
    }

    private static void Forward(NatNetworkSpec n, ForwardSpec f, CheckContext c)
    {
        Target(n, f.To.Machine, f.At, c);
        var length = f.Listen.Last - f.Listen.First + 1;
        if (f.To.Port != f.Listen.First && length > MaxShiftedPorts)
            c.Faults.Error("WEFT3207", f.At, $"network {n.Name}: {length} ports cannot be shifted from {f.Listen} to {f.To.Port}; at most {MaxShiftedPorts} can", "keep the port numbers, or forward fewer");
        if (f.To.Port + length - 1 > 65535)
            c.Faults.Error("WEFT3208", f.At, $"network {n.Name}: {f.Listen} from port {f.To.Port} on goes past 65535");
        if (f.Protect?.SynProxy == true && f.Protocol != ForwardProtocol.Tcp)
            c.Faults.Error("WEFT3209", f.At, $"network {n.Name}: syn_proxy is for TCP", "take it out, or use 'syn_rate'");
        LinkChecks.Protection(n, f.Protect, f.At, c);
    }

    private static void Target(NatNetworkSpec n, string? machine, Location at, CheckContext c)
    {
        if (machine is null || c.Project.Machines.Any(m => m.Name == machine && m.Ports.Any(p => p.Network == n.Name))) return;
        if (c.Given.Ports.Any(p => p.Project == c.Project.Name && p.Network == n.Name && p.Machine == machine)) return;
        c.Faults.Error("WEFT3210", at, $"network {n.Name}: machine {machine} has no port on this network",
            Nearest.Hint(machine, [.. c.Project.Machines.Where(m => m.Ports.Any(p => p.Network == n.Name)).Select(m => m.Name)]));
    }

    // One pair of outer port and protocol leads to one place on the whole host; this project's networks are compared here, other projects' by the planner.
    private static void PortClashes(NatNetworkSpec n, CheckContext c)
    {
        var before = new List<(ForwardSpec F, string Network)>();
        foreach (var other in c.Project.Networks.OfType<NatNetworkSpec>())
        {
            foreach (var f in other.Forwards)
            {
                if (other.Name == n.Name && before.FirstOrDefault(b => Clash(b.F, f)) is { F: not null } clash)
                    c.Faults.Error("WEFT3211", f.At, $"network {n.Name}: {f.Protocol.ToString().ToLowerInvariant()}/{f.Listen} is forwarded to {Name(clash.F.To)} of network {clash.Network} already",
                        "choose other ports or a listen address of its own");
                before.Add((f, other.Name));
            }
            if (other.Name == n.Name) return;
        }
    }

    private static bool Clash(ForwardSpec a, ForwardSpec b) =>
        a.Protocol == b.Protocol && Equals(a.ListenAddress, b.ListenAddress) && a.Listen.First <= b.Listen.Last && b.Listen.First <= a.Listen.Last;

    private static string Name(ForwardTarget to) => to.Machine ?? to.Address?.ToString() ?? "?";

    private static void Pool(NatNetworkSpec n, CheckContext c)
    {
        if (n.SnatPool is not { } pool) return;
        var size = Size(pool);
        if (size is 0 or > MaxPoolAddresses)
            c.Faults.Error("WEFT3212", n.At, $"network {n.Name}: the pool {pool.First}-{pool.Last} has {(size == 0 ? "no address" : "more than " + MaxPoolAddresses + " addresses")}", $"give a range of 1 to {MaxPoolAddresses} addresses of one family");
    }

    private static int Size(AddressRange r)
    {
        if (r.First.AddressFamily != r.Last.AddressFamily) return 0;
        var (first, last) = (IpPrefix.ToNumber(r.First), IpPrefix.ToNumber(r.Last));
        return last < first ? 0 : (int)UInt128.Min(last - first, int.MaxValue - 1) + 1;
    }

    private static void Filters(NatNetworkSpec n, CheckContext c)
    {
        if (n.Nat == NatKind.Isolated) return;
        foreach (var f in c.Host.Filters)
            c.Faults.Warn("WEFT3213", n.At, $"network {n.Name}: {f.Chain}{(f.Tool.Length > 0 ? $" of {f.Tool}" : "")} would drop its packets: {f.Reason}", f.Remedy);
    }
}
