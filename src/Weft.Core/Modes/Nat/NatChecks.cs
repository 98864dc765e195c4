using Weft.Core.Diagnostics;
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
        foreach (var f in n.Forwards) Forward(n, f, c);
        Pool(n, c);
        OuterChecks.All(n, c);
        LinkChecks.Protection(n, n.Protect, n.At, c);
        LinkChecks.BridgeNetfilter(n, c);
        Filters(n, c);
    }

    private static void Uplinks(NatNetworkSpec n, CheckContext c)
    {
        if (n.Nat == NatKind.Isolated) return;
        var uplinks = c.Given.Network(c.Project.Name, n.Name)?.Uplinks ?? [];
        if (uplinks.IsEmpty)
            c.Faults.Warn("WEFT3201", n.At, $"network {n.Name}: this host has no default route, so the network leads nowhere yet", "name an 'uplink:', or apply again when there is a default route");
        foreach (var name in uplinks) Uplink(n, name, c);
    }

    private static void Uplink(NatNetworkSpec n, string name, CheckContext c)
    {
        if (c.Given.Networks.FirstOrDefault(g => g.Bridge == name) is { } bridge)
        {
            if (bridge.Project != c.Project.Name && c.Host.Link(name) is null)
                c.Faults.Error(Diagnostic.MissingLink, n.At, $"network {n.Name}: there is no link {name} on this host", $"it is the bridge of network {bridge.Network} of project {bridge.Project}; apply that one first");
            else c.Faults.Warn("WEFT3202", n.At, $"network {n.Name}: it leaves by {name}, the bridge of {bridge.Mode} network {bridge.Network}, and shares that network's NIC",
                "a NIC or VLAN of its own keeps the two apart");
            return;
        }
        if (LinkChecks.Usable(n, name, n.At, c, asPort: false) is not { } link) return;
        LinkChecks.NotShared(n, name, n.At, c, "bridge");
        if (link.Master is not null && !IsOurPort(link, c))
            c.Faults.Error("WEFT3203", n.At, $"network {n.Name}: its uplink {name} is a port of {link.Master} and has no addresses of its own", $"name {link.Master} instead");
        LinkChecks.Carrier(n, link, n.At, c);
    }

    // A port of a bridge that this project had, and has no more: it gets its addresses back first.
    private static bool IsOurPort(HostLink link, CheckContext c) =>
        c.Host.Link(link.Master!)?.IsOf(c.Project.Name) == true;

    private static void Forward(NatNetworkSpec n, ForwardSpec f, CheckContext c)
    {
        var length = f.Listen.Last - f.Listen.First + 1;
        if (f.To.Port != f.Listen.First && length > MaxShiftedPorts)
            c.Faults.Error("WEFT3207", f.At, $"network {n.Name}: {length} ports cannot be shifted from {f.Listen} to {f.To.Port}; at most {MaxShiftedPorts} can", "keep the port numbers, or forward fewer");
        if (f.To.Port + length - 1 > 65535)
            c.Faults.Error("WEFT3208", f.At, $"network {n.Name}: {f.Listen} from port {f.To.Port} on goes past 65535");
        LinkChecks.Protection(n, f.Protect, f.At, c);
    }

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
        if (n.Nat == NatKind.Isolated || c.Given.Network(c.Project.Name, n.Name) is not { } given) return;
        foreach (var f in c.Host.Filters.Where(f => !f.LetsThrough(given.Bridge)))
            c.Faults.Warn("WEFT3213", n.At, $"network {n.Name}: {f.Chain}{(f.Tool.Length > 0 ? $" of {f.Tool}" : "")} would drop {(f.Input ? "its DHCP and DNS requests" : "its packets")}: {f.Reason}", f.RemedyFor(given.Bridge));
    }
}
