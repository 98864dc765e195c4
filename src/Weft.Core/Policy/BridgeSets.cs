using System.Collections.Immutable;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>Sets and maps of table bridge weft: what each tap may send.</summary>
public static class BridgeSets
{
    /// <summary>The table, as elements name it.</summary>
    public const string Table = "bridge weft";
    /// <summary>Ports of Weft's bridges: taps goto guard (held to what they were given) or goto loose (only what belongs to the bridge itself is kept from them), uplinks accept.</summary>
    public const string Ports = "ports";
    /// <summary>Weft's bridges, for what comes in by a port that <see cref="Ports"/> does not know: goto stranger or goto loose.</summary>
    public const string Bridges = "bridges";
    /// <summary>Where the kernel does not tell a frame's bridge: ports of bridges on which a stranger carries nothing.</summary>
    public const string Members = "members";
    /// <summary>Where the kernel does not tell a frame's bridge: MACs that are of one such bridge alone.</summary>
    public const string Own = "own_macs";
    /// <summary>(tap, MAC) that may send.</summary>
    public const string Macs = "macs";
    /// <summary>(tap, MAC, IPv4 address) that may send.</summary>
    public const string Source4 = "source4";
    /// <summary>(tap, MAC, IPv6 address) that may send.</summary>
    public const string Source6 = "source6";
    /// <summary>Taps whose IPv4 addresses somebody else gives: the MAC is checked alone.</summary>
    public const string Any4 = "any4";
    /// <summary>Taps whose IPv6 addresses somebody else gives.</summary>
    public const string Any6 = "any6";
    /// <summary>(tap, prefix) in which a machine makes its own IPv6 addresses (SLAAC, RFC 4862).</summary>
    public const string Slaac = "slaac";
    /// <summary>(tap, link-local address) of the host on the tap's bridge: no machine may say that it is its own.</summary>
    public const string Routers = "routers";

    /// <summary>(tap, MAC, IPv6 address) that may be told to neighbours (target of an advertisement).</summary>
    public const string Targets = "targets";
    /// <summary>(tap, prefix) of the same for addresses that the machine makes itself.</summary>
    public const string SlaacTargets = "slaac_targets";
    /// <summary>(tap, address) of the host on the tap's bridge, as a target.</summary>
    public const string RouterTargets = "router_targets";

    /// <summary>Taps whose frames were dropped, with how many; filled by packets.</summary>
    public const string Spoofers = "spoofers";

    /// <summary>(tap, MAC, IPv4 address) of machines whose addresses somebody else gives, as their ARP says; filled by packets, and forgotten after a day.</summary>
    public const string Seen4 = "seen4";
    /// <summary>The same for IPv6, as their neighbour discovery says.</summary>
    public const string Seen6 = "seen6";

    /// <summary>All that elements are put in.</summary>
    public static ImmutableArray<NftSetSchema> All { get; } =
    [
        new(Table, Ports, ["ifname"], ["verdict"], Interval: false, Counter: false),
        new(Table, Bridges, ["ifname"], ["verdict"], Interval: false, Counter: false),
        new(Table, Members, ["ifname"], [], Interval: false, Counter: false),
        new(Table, Own, ["ether_addr"], [], Interval: false, Counter: false),
        new(Table, Macs, ["ifname", "ether_addr"], [], Interval: false, Counter: false),
        new(Table, Source4, ["ifname", "ether_addr", "ipv4_addr"], [], Interval: false, Counter: false),
        new(Table, Source6, ["ifname", "ether_addr", "ipv6_addr"], [], Interval: false, Counter: false),
        new(Table, Any4, ["ifname"], [], Interval: false, Counter: false),
        new(Table, Any6, ["ifname"], [], Interval: false, Counter: false),
        new(Table, Slaac, ["ifname", "ipv6_addr"], [], Interval: true, Counter: false),
        new(Table, Routers, ["ifname", "ipv6_addr"], [], Interval: false, Counter: false),
        new(Table, Targets, ["ifname", "ether_addr", NftSetSchema.NdTarget], [], Interval: false, Counter: false),
        new(Table, SlaacTargets, ["ifname", NftSetSchema.NdTarget], [], Interval: true, Counter: false),
        new(Table, RouterTargets, ["ifname", NftSetSchema.NdTarget], [], Interval: false, Counter: false),
    ];
}
