using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec;

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
    /// <summary>Networks behind machines of the network.</summary>
    public ImmutableArray<RouteSpec> Routes { get; init; } = [];
    /// <summary>DHCP and router advertisements.</summary>
    public DhcpSpec Dhcp { get; init; } = new();
    /// <summary>Names.</summary>
    public DnsSpec Dns { get; init; } = new();
    /// <summary>What links get that no port is known for.</summary>
    public DefaultPort DefaultPort { get; init; }
    /// <summary>Part of it could not be read (reported): the validator leaves out what would only follow from that.</summary>
    internal bool Incomplete { get; init; }
}

/// <summary>A network whose mode could not be read: it keeps its name known, so that machines on it are not reported as well.</summary>
internal sealed record UnreadNetworkSpec(string Name) : NetworkSpec(Name)
{
    /// <inheritdoc/>
    public override string Mode => "?";
}
