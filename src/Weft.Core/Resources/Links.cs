using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Resources;

/// <summary>A bridge of ours: tagged by the link alias "weft:OWNER:NETWORK". Null leaves a setting to the kernel and is not compared.</summary>
public sealed record BridgeResource(string Owner, string Network, string Name) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Bridge, Name);
    /// <inheritdoc/>
    public override string Summary => $"mtu {Mtu}, mac {Mac}{(Stp.Enabled ? ", stp" : "")}{(VlanFiltering ? ", vlan-aware" : "")}{Ip.Summary}";
    /// <summary>Pinned, so that it never follows a port's (U10).</summary>
    public required MacAddress Mac { get; init; }
    /// <summary>Bytes.</summary>
    public required int Mtu { get; init; }
    /// <summary>Spanning tree.</summary>
    public StpSpec Stp { get; init; } = new(false);
    /// <summary>802.1Q filtering.</summary>
    public bool VlanFiltering { get; init; }
    /// <summary>VLAN of the bridge itself and of the uplink, untagged; 1 unless filtering says otherwise.</summary>
    public int DefaultPvid { get; init; } = 1;
    /// <summary>FDB ageing in seconds; null leaves the kernel's 300.</summary>
    public int? AgeingSeconds { get; init; }
    /// <summary>IGMP/MLD snooping.</summary>
    public bool McastSnooping { get; init; }
    /// <summary>IGMP/MLD querier.</summary>
    public bool McastQuerier { get; init; }
    /// <summary>False on bridges where the host has no address of its own: no link-local address is made (addr_gen_mode none).</summary>
    public bool HostAddresses { get; init; } = true;
    /// <summary>What the host's own IP does on it; a journal of an earlier version says nothing about it.</summary>
    public BridgeIp Ip { get; init => field = value ?? new(); } = new();
    /// <summary>Switched on; false only when somebody switched it off.</summary>
    public bool Up { get; init; } = true;
}

/// <summary>
/// What the host's own IP does on a bridge: settings of the link under net/ipv4/conf and net/ipv6/conf, which go with it. Null leaves one to whoever
/// else sets it and is not compared; read back, it is one that the link or the kernel does not have.
/// </summary>
public sealed record BridgeIp
{
    /// <summary>False when the host has no IPv6 on it (disable_ipv6).</summary>
    public bool? Ipv6 { get; init; }
    /// <summary>Whether routers' advertisements are believed: 0 no, 1 unless it forwards, 2 in any case (accept_ra).</summary>
    public int? AcceptRa { get; init; }
    /// <summary>IPv4 packets that come from it are forwarded.</summary>
    public bool? Ipv4Forwarding { get; init; }
    /// <summary>The host tells its neighbours that it is a router of IPv6.</summary>
    public bool? Ipv6Forwarding { get; init; }
    /// <summary>IPv6 packets that come from it are forwarded though the host's links as a whole do not (Linux 6.17).</summary>
    public bool? Ipv6ForceForwarding { get; init; }

    /// <summary>What else than the kernel's usual, for a line about the bridge.</summary>
    internal string Summary =>
        $"{(Ipv6 == false ? ", no ipv6" : "")}{(AcceptRa is { } ra ? $", accept_ra {ra}" : "")}{(Ipv4Forwarding, Ipv6Forwarding) switch
        {
            (true, true) => ", forwards ipv4 and ipv6",
            (true, _) => ", forwards ipv4",
            (_, true) => ", forwards ipv6",
            _ => "",
        }}";
}

/// <summary>A VLAN link of ours over a NIC.</summary>
public sealed record VlanResource(string Owner, string Network, string Name, string Parent, int Id) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Vlan, Name);
    /// <inheritdoc/>
    public override string Summary => $"vlan {Id} of {Parent}";
    /// <summary>Bytes; null takes the parent's and is not compared.</summary>
    public int? Mtu { get; init; }
    /// <summary>Switched on; false only when somebody switched it off.</summary>
    public bool Up { get; init; } = true;
}

/// <summary>VLANs of a bridge port: the untagged one and the tagged ones.</summary>
public sealed record PortVlans(int? Untagged, ImmutableArray<VlanRange> Tagged)
{
    /// <summary>The same VLANs, in whatever order and ranges they are written.</summary>
    public bool Equals(PortVlans? other) => other is not null && Untagged == other.Untagged && Joined().SequenceEqual(other.Joined());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Untagged, Tagged.IsEmpty);

    private List<VlanRange> Joined()
    {
        var joined = new List<VlanRange>();
        foreach (var r in Tagged.OrderBy(r => r.First))
        {
            if (joined is [.., var last] && r.First <= last.Last + 1) joined[^1] = new(last.First, Math.Max(last.Last, r.Last));
            else joined.Add(r);
        }
        return joined;
    }
}

/// <summary>A persistent tap on a bridge: the machine's NIC. Tagged by the alias "weft:OWNER:NETWORK:MACHINE".</summary>
public sealed record TapResource(string Owner, string Network, string Name, string Bridge, string Machine) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Tap, Name);
    /// <inheritdoc/>
    public override string Summary => $"{Machine} on {Bridge}, mtu {Mtu}{(Isolated ? ", isolated" : "")}{(Vlans is null ? "" : $", vlan {Vlans.Untagged}")}";
    /// <summary>Bytes.</summary>
    public required int Mtu { get; init; }
    /// <summary>Switched on; false only when somebody switched it off.</summary>
    public bool Up { get; init; } = true;
    /// <summary>More than one queue can be opened (IFF_MULTI_QUEUE).</summary>
    public bool MultiQueue { get; init; }
    /// <summary>IFLA_BRPORT_ISOLATED.</summary>
    public bool Isolated { get; init; }
    /// <summary>IFLA_BRPORT_MODE.</summary>
    public bool Hairpin { get; init; }
    /// <summary>BPDUs from the machine are dropped and take the port down (IFLA_BRPORT_GUARD); the nft table drops them too.</summary>
    public bool BpduGuard { get; init; } = true;
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>Null where the bridge filters no VLANs.</summary>
    public PortVlans? Vlans { get; init; }
}

/// <summary>
/// A link that a hypervisor made and put on a bridge, as a machine's port. Weft sets what its port does and tags it by the alias
/// "weft:OWNER:NETWORK:MACHINE:guest"; it never makes, deletes or switches it, and when the record goes the tag and the settings do.
/// </summary>
public sealed record GuestLinkResource(string Owner, string Network, string Name, string Bridge, string Machine) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.GuestLink, Name);
    /// <inheritdoc/>
    public override string Summary => $"{Machine} on {Bridge}{(Isolated ? ", isolated" : "")}{(Vlans is null ? "" : $", vlan {Vlans.Untagged}")}";
    /// <summary>IFLA_BRPORT_ISOLATED.</summary>
    public bool Isolated { get; init; }
    /// <summary>IFLA_BRPORT_MODE.</summary>
    public bool Hairpin { get; init; }
    /// <summary>IFLA_BRPORT_GUARD.</summary>
    public bool BpduGuard { get; init; }
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>Frames for all, and for whom nobody knows, are sent to it; false only where somebody switched that off, as Weft does on a stranger.</summary>
    public bool Floods { get; init; } = true;
    /// <summary>Null where the bridge filters no VLANs.</summary>
    public PortVlans? Vlans { get; init; }
}

/// <summary>
/// A NIC under a bridge. Carrying it out moves addresses, routes, rules and a DHCP client from the NIC to the bridge in one ordered
/// transaction; removing it moves them back. What was moved is captured by the driver when it acts and kept in the journal and store.
/// </summary>
public sealed record UplinkResource(string Owner, string Network, string Nic, string Bridge) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Uplink, Nic);
    /// <inheritdoc/>
    public override string Summary => $"port of {Bridge}{(MoveAddresses ? ", its addresses, routes and MAC move to the bridge" : "")}";
    /// <summary>Bytes; null leaves the NIC's.</summary>
    public int? Mtu { get; init; }
    /// <summary>Whether addresses, routes, rules, lease move.</summary>
    public bool MoveAddresses { get; init; } = true;
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>STP port priority; null leaves the kernel's.</summary>
    public int? Priority { get; init; }
    /// <summary>Null where the bridge filters no VLANs.</summary>
    public PortVlans? Vlans { get; init; }
}

/// <summary>
/// A network of libvirt whose bridge was taken over. Weft's is one that only plugs machines in (forward mode bridge), by the name that domains know; somebody else's is kept with
/// libvirt's own files, so that it can be as it was.
/// </summary>
public sealed record LibvirtNetworkResource(string Owner, string Network, string Name, string Bridge) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.LibvirtNetwork, Name);
    /// <inheritdoc/>
    public override string Summary => IsForeign ? $"makes {Bridge}" : $"plugs machines into {Bridge}";
    /// <summary>Its definition (libvirt's formatnetwork); null for Weft's, which follows from the rest.</summary>
    public string? Definition { get; init; }
    /// <summary>libvirt's state of it while it runs (a networkstatus); null when it does not, and for Weft's.</summary>
    public string? Status { get; init; }
}

/// <summary>A static FDB entry on a bridge port.</summary>
public sealed record FdbResource(string Owner, string Network, string Port, MacAddress Mac, int? Vlan) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Fdb, $"{Port} {Mac} {Vlan}");
    /// <inheritdoc/>
    public override string Summary => "static";
}
