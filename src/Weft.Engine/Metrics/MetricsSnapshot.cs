using System.Collections.Immutable;
using System.Reflection;
using Weft.Engine.Status;
using Weft.Linux.Route;

namespace Weft.Engine.Metrics;

/// <summary>All figures of a host at one moment. What could not be read is empty, and <see cref="Sources"/> says why.</summary>
/// <param name="At">When it was taken (UTC).</param>
public sealed record MetricsSnapshot(DateTimeOffset At)
{
    /// <summary>Networks, by project and name.</summary>
    public ImmutableArray<NetworkFigures> Networks { get; init; } = [];
    /// <summary>Outer links of networks.</summary>
    public ImmutableArray<UplinkFigures> Uplinks { get; init; } = [];
    /// <summary>Ports, by project, network and machine.</summary>
    public ImmutableArray<PortFigures> Ports { get; init; } = [];
    /// <summary>Forwards and floating addresses.</summary>
    public ImmutableArray<ForwardStatus> Forwards { get; init; } = [];
    /// <summary>Subnets of networks.</summary>
    public ImmutableArray<SubnetFigures> Subnets { get; init; } = [];
    /// <summary>What the packet policy dropped, by reason.</summary>
    public ImmutableArray<DropFigures> Drops { get; init; } = [];
    /// <summary>Connections that the kernel tracks in the namespace, and how many it can; null when it tracks none.</summary>
    public ConntrackFigures? Conntrack { get; init; }
    /// <summary>Changes in the history, by project, verb and result.</summary>
    public ImmutableArray<ChangeFigures> Changes { get; init; } = [];
    /// <summary>A change waits to be confirmed.</summary>
    public bool Pending { get; init; }
    /// <summary>Events of a running daemon, by kind; empty where none runs.</summary>
    public ImmutableArray<Events.EventTotal> Events { get; init; } = [];
    /// <summary>Where figures come from.</summary>
    public ImmutableArray<SourceFigures> Sources { get; init; } = [];
    /// <summary>The version of Weft.</summary>
    public string Version { get; init; } = typeof(MetricsSnapshot).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}

/// <summary>A network.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="Bridge">Its bridge.</param>
/// <param name="State">As <see cref="NetworkStatus.State"/>.</param>
/// <param name="Ports">Ports given out.</param>
/// <param name="PortsUp">Ports whose machine is running.</param>
/// <param name="Leases">DHCP leases that hold; null when they could not be read.</param>
/// <param name="Link">What its bridge counted; null when there is none.</param>
public sealed record NetworkFigures(string Project, string Network, string Mode, string Bridge, string State, int Ports, int PortsUp, int? Leases, LinkStatistics? Link);

/// <summary>An outer link of a network.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Link">Its name.</param>
/// <param name="Carrier">It has carrier.</param>
/// <param name="Statistics">What it counted; null when it is missing.</param>
public sealed record UplinkFigures(string Project, string Network, string Link, bool Carrier, LinkStatistics? Statistics);

/// <summary>A port of a machine.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Machine">Machine.</param>
/// <param name="Tap">Its tap.</param>
/// <param name="State">As <see cref="PortStatus.State"/>.</param>
/// <param name="Link">What its tap counted, seen from the host: received is what came from the machine. Null when it is missing.</param>
/// <param name="Spoofed">Frames that it was not allowed to send; null when they could not be read.</param>
public sealed record PortFigures(string Project, string Network, string Machine, string Tap, string State, LinkStatistics? Link, PacketCount? Spoofed);

/// <summary>Packets and their bytes.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Bytes.</param>
public readonly record struct PacketCount(ulong Packets, ulong Bytes);

/// <summary>A subnet. "Free" is what is left of the addresses that may be given without being asked for by name.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Subnet">The prefix.</param>
/// <param name="Allocated">Addresses given to ports.</param>
/// <param name="Free">Addresses left for ports.</param>
/// <param name="Dynamic">Size of the range for machines that nobody declared.</param>
/// <param name="DynamicLeases">Leases that hold in that range; null when they could not be read.</param>
public sealed record SubnetFigures(string Project, string Network, string Subnet, int Allocated, double Free, double Dynamic, int? DynamicLeases);

/// <summary>What the packet policy dropped.</summary>
/// <param name="Reason">spoofed, limited, refused, invalid or strangers.</param>
/// <param name="Count">How much.</param>
public sealed record DropFigures(string Reason, PacketCount Count);

/// <summary>Connections that the kernel tracks.</summary>
/// <param name="Count">Connections.</param>
/// <param name="Limit">The most it tracks before it drops new ones.</param>
public sealed record ConntrackFigures(long Count, long Limit);

/// <summary>Changes of one kind.</summary>
/// <param name="Project">Project.</param>
/// <param name="Verb">As <see cref="Store.RevisionRow.Verb"/>.</param>
/// <param name="Result">committed or undone.</param>
/// <param name="Count">How many.</param>
public sealed record ChangeFigures(string Project, string Verb, string Result, long Count);

/// <summary>Where figures come from.</summary>
/// <param name="Name">allocations, links, policy, leases, conntrack or history.</param>
/// <param name="Fault">Why it could not be read; null when it was.</param>
public sealed record SourceFigures(string Name, string? Fault);
