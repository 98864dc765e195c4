using System.Collections.Immutable;
using Weft.Core.Model;

namespace Weft.Core.Spec;

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
    /// <summary>Whether machines may use every service of the host; otherwise DHCP, DNS and ICMP.</summary>
    public bool HostAccess { get; init; }
}
