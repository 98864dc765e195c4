using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec;

/// <summary>A file as read: one project with its networks and machines. Immutable; printing and reading it again gives an equal one.</summary>
public sealed record ProjectSpec(string Name, ImmutableArray<NetworkSpec> Networks, ImmutableArray<MachineSpec> Machines)
{
    /// <summary>Version of the file format: 1.</summary>
    public int Version { get; init; } = 1;
    /// <summary>The DNS domain under which names live; web1.dev.weft for machine web1 on network dev.</summary>
    public string Domain { get; init; } = "weft";
    /// <summary>Where the file is, for diagnostics.</summary>
    public Location At { get; init; }
}

/// <summary>What every network has; each mode derives its own.</summary>
public abstract record NetworkSpec(string Name)
{
    /// <summary>The mode's name as in the file.</summary>
    public abstract string Mode { get; }
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Name of the bridge link; null lets Weft choose (at most 15 bytes, IFNAMSIZ).</summary>
    public string? Bridge { get; init; }
    /// <summary>MTU in bytes for uplink, bridge, taps and DHCP; null means the uplink's, or 1500.</summary>
    public int? Mtu { get; init; }
    /// <summary>Spanning tree; null is off.</summary>
    public StpSpec? Stp { get; init; }
    /// <summary>Options of the bridge.</summary>
    public BridgeOptionsSpec Options { get; init; } = new();
    /// <summary>VLAN filtering; null is off.</summary>
    public VlanSpec? Vlan { get; init; }
    /// <summary>Static FDB entries.</summary>
    public ImmutableArray<FdbSpec> Fdb { get; init; } = [];
    /// <summary>Networks of the subnet; empty in NAT mode lets Weft choose one IPv4 /24 and one ULA /64.</summary>
    public ImmutableArray<SubnetSpec> Subnets { get; init; } = [];
    /// <summary>DHCP and router advertisements.</summary>
    public DhcpSpec Dhcp { get; init; } = new();
    /// <summary>Names.</summary>
    public DnsSpec Dns { get; init; } = new();
}

/// <summary>A bridge over an uplink (M1).</summary>
public sealed record BridgeNetworkSpec(string Name) : NetworkSpec(Name)
{
    /// <inheritdoc/>
    public override string Mode => "bridge";
    /// <summary>The NIC, bond or VLAN of a NIC; null for a bridge without uplink.</summary>
    public UplinkSpec? Uplink { get; init; }
}

/// <summary>How a NAT network translates (M10).</summary>
public enum NatKind
{
    /// <summary>Sources are translated to the uplink's address.</summary>
    Masquerade,
    /// <summary>Machines reach each other and the host's services only.</summary>
    Isolated,
    /// <summary>Masquerade, and 1:1 floating addresses.</summary>
    Full,
    /// <summary>Routed without translation.</summary>
    Routed,
}

/// <summary>A routed network behind the host, translated or not (M9-M12).</summary>
public sealed record NatNetworkSpec(string Name) : NetworkSpec(Name)
{
    /// <inheritdoc/>
    public override string Mode => "nat";
    /// <summary>How it translates.</summary>
    public NatKind Nat { get; init; }
    /// <summary>The outer interface; null ("auto") follows the default route.</summary>
    public string? Uplink { get; init; }
    /// <summary>Port forwards.</summary>
    public ImmutableArray<ForwardSpec> Forwards { get; init; } = [];
    /// <summary>1:1 floating addresses (nat: full).</summary>
    public ImmutableArray<FloatingSpec> Floating { get; init; } = [];
    /// <summary>Source addresses to translate to, instead of the uplink's; an inclusive range.</summary>
    public AddressRange? SnatPool { get; init; }
    /// <summary>Outer sources that may open connections to this network by a forward or floating address; empty means all.</summary>
    public ImmutableArray<IpPrefix> AllowFrom { get; init; } = [];
    /// <summary>Flood protection for everything that enters the network.</summary>
    public ProtectSpec? Protect { get; init; }
}

/// <summary>An uplink: a link by name, or a VLAN of it made by Weft.</summary>
/// <param name="Link">Name of the NIC or bond.</param>
/// <param name="Vlan">802.1Q id (1-4094); Weft makes LINK.ID. Null for the link itself.</param>
public sealed record UplinkSpec(string Link, int? Vlan = null)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>STP port priority, 0-63; null leaves the kernel's.</summary>
    public int? Priority { get; init; }
    /// <summary>Whether the uplink's addresses and routes move to the bridge; true unless the file says otherwise.</summary>
    public bool MoveAddresses { get; init; } = true;
}

/// <summary>Spanning tree of a bridge (802.1D); times in seconds; null leaves the kernel's.</summary>
public sealed record StpSpec(bool Enabled, int? Priority = null, int? ForwardDelay = null, int? Hello = null, int? MaxAge = null);

/// <summary>Options of a bridge that matter. Ageing in seconds.</summary>
public sealed record BridgeOptionsSpec(int? Ageing = null, bool MulticastSnooping = false, bool MulticastQuerier = false);

/// <summary>VLAN filtering: ids that cross the uplink, and its native (untagged) one.</summary>
public sealed record VlanSpec(int Native, ImmutableArray<VlanRange> Trunk);

/// <summary>VLAN ids, inclusive.</summary>
public readonly record struct VlanRange(int First, int Last);

/// <summary>A static FDB entry.</summary>
/// <param name="Mac">The address.</param>
/// <param name="Port">Link name of the port, "uplink", or MACHINE.</param>
/// <param name="Vlan">VLAN id or null.</param>
public sealed record FdbSpec(MacAddress Mac, string Port, int? Vlan);

/// <summary>A subnet with its host address and what must not be given out.</summary>
public sealed record SubnetSpec(IpPrefix Prefix)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>The host's own address in it; null means the first.</summary>
    public IPAddress? Gateway { get; init; }
    /// <summary>Addresses never given out.</summary>
    public ImmutableArray<AddressRange> Exclude { get; init; } = [];
    /// <summary>Addresses given out automatically; null means all but gateway, network, broadcast.</summary>
    public AddressRange? Pool { get; init; }
}

/// <summary>Addresses, inclusive.</summary>
public readonly record struct AddressRange(IPAddress First, IPAddress Last);

/// <summary>DHCP and router advertisements of a network.</summary>
/// <param name="Enabled">null means: on in NAT mode, off in bridge mode.</param>
/// <param name="LeaseSeconds">Lease time.</param>
/// <param name="Unknown">Whether machines that are not declared get an address from the pool.</param>
public sealed record DhcpSpec(bool? Enabled = null, int LeaseSeconds = 3600, bool Unknown = true)
{
    /// <summary>Servers told to the clients; empty means the host itself.</summary>
    public ImmutableArray<IPAddress> DnsServers { get; init; } = [];
    /// <summary>Whether DHCPv6 gives addresses (stateful); router advertisements go out in any case.</summary>
    public bool Stateful6 { get; init; } = true;
}

/// <summary>DNS of a network.</summary>
/// <param name="Enabled">Whether names are answered.</param>
public sealed record DnsSpec(bool Enabled = true)
{
    /// <summary>Extra names (relative to the network's domain) with their addresses.</summary>
    public ImmutableArray<DnsRecordSpec> Records { get; init; } = [];
    /// <summary>Upstream servers; empty means those of the host's resolv.conf.</summary>
    public ImmutableArray<IPAddress> Forwarders { get; init; } = [];
}

/// <summary>A name with an address.</summary>
public sealed record DnsRecordSpec(string Name, IPAddress Address);

/// <summary>Transport protocol of a forward.</summary>
public enum ForwardProtocol
{
    /// <summary>TCP.</summary>
    Tcp,
    /// <summary>UDP.</summary>
    Udp,
}

/// <summary>A port forward: outer ports to a machine.</summary>
public sealed record ForwardSpec(ForwardProtocol Protocol, PortRange Listen, ForwardTarget To)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Outer address to listen on; null means every address of the host on the uplink.</summary>
    public IPAddress? ListenAddress { get; init; }
    /// <summary>Sources allowed; empty means all.</summary>
    public ImmutableArray<IpPrefix> AllowFrom { get; init; } = [];
    /// <summary>Flood protection.</summary>
    public ProtectSpec? Protect { get; init; }
}

/// <summary>Ports, inclusive.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>Where a forward leads: a machine of the file or an address; the first inner port (a range keeps its length).</summary>
public sealed record ForwardTarget(string? Machine, IPAddress? Address, int Port);

/// <summary>A 1:1 floating address.</summary>
public sealed record FloatingSpec(IPAddress Outer, string? Machine, IPAddress? Address)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Sources allowed; empty means all.</summary>
    public ImmutableArray<IpPrefix> AllowFrom { get; init; } = [];
}

/// <summary>Flood protection (M12). Null members are off.</summary>
/// <param name="SynProxy">Handshakes are answered by the kernel's SYN proxy until the client has proved its address.</param>
/// <param name="SynRate">New connections a second from one source.</param>
/// <param name="Connections">Connections at once from one source.</param>
public sealed record ProtectSpec(bool SynProxy = false, int? SynRate = null, int? Connections = null);

/// <summary>A machine and its ports.</summary>
public sealed record MachineSpec(string Name, ImmutableArray<PortSpec> Ports)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
}

/// <summary>One NIC of a machine.</summary>
public sealed record PortSpec(string Network)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Its MAC; null lets Weft give a locally administered one.</summary>
    public MacAddress? Mac { get; init; }
    /// <summary>Its addresses; a family left out is given automatically.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];
    /// <summary>Link name of the tap; null lets Weft choose.</summary>
    public string? Tap { get; init; }
    /// <summary>Access VLAN (untagged) or null.</summary>
    public int? Vlan { get; init; }
    /// <summary>Tagged VLANs.</summary>
    public ImmutableArray<VlanRange> Trunk { get; init; } = [];
    /// <summary>Isolated ports do not reach other isolated ports of the bridge.</summary>
    public bool Isolated { get; init; }
    /// <summary>Hairpin: frames may go back out of the port they came from.</summary>
    public bool Hairpin { get; init; }
    /// <summary>Whether source MAC, ARP and addresses are held to what the port was given.</summary>
    public bool AntiSpoof { get; init; } = true;
    /// <summary>Number of queues of the tap; 1 is a plain tap.</summary>
    public int Queues { get; init; } = 1;
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>Edge port: forwards at once (true for machines).</summary>
    public bool Edge { get; init; } = true;
}
