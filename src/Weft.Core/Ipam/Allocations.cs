using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Core.Ipam;

/// <summary>What a port was given. Kept in the store; the only source of addresses (M28).</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Machine">Machine.</param>
/// <param name="Index">Which of the machine's ports on that network, from 0.</param>
/// <param name="Tap">Link name of the tap.</param>
/// <param name="Mac">Its MAC, unique in the L2 domain.</param>
/// <param name="Addresses">Its addresses, at most one a subnet.</param>
/// <param name="Since">When it was given (UTC).</param>
/// <param name="Declared">In the file; false when made by "weft port add".</param>
public sealed record PortAllocation(string Project, string Network, string Machine, int Index, string Tap, MacAddress Mac,
    ImmutableArray<IPAddress> Addresses, DateTimeOffset Since, bool Declared)
{
    /// <summary>The hypervisor's link that is the port now; null when none is.</summary>
    public string? Link { get; init; }
    /// <summary>Made for a hypervisor's link that no port was known for: Weft has no tap for it, and it goes with the link.</summary>
    public bool Guest { get; init; }
    /// <summary>The link that the machine is behind.</summary>
    public string Port => Link ?? Tap;

    /// <inheritdoc/>
    public bool Equals(PortAllocation? o) => o is not null && Project == o.Project && Network == o.Network && Machine == o.Machine && Index == o.Index
        && Tap == o.Tap && Mac == o.Mac && Since == o.Since && Declared == o.Declared && Link == o.Link && Guest == o.Guest && Addresses.AsSpan().SequenceEqual(o.Addresses.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Project, Network, Machine, Index);
}

/// <summary>A bridge of somebody else's that a network has: it keeps its MAC, and when the network goes it is given back.</summary>
/// <param name="Before">The bridge, the host's addresses on it, its uplink, and libvirt's network, as they were; each <see cref="Resource.Foreign"/>.</param>
public sealed record Adoption(ImmutableArray<Resource> Before)
{
    /// <summary>Name of the libvirt network that domains know; null when the bridge was none of libvirt's.</summary>
    [JsonIgnore]
    public string? Libvirt => Before.OfType<LibvirtNetworkResource>().FirstOrDefault()?.Name;

    /// <inheritdoc/>
    public bool Equals(Adoption? o) => o is not null && Before.AsSpan().SequenceEqual(o.Before.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Before.Length;
}

/// <summary>What a network was given: its bridge's name and MAC, and its subnets, chosen where the file left them out.</summary>
public sealed record NetworkAllocation(string Project, string Network, string Bridge, MacAddress Mac, ImmutableArray<IpPrefix> Subnets)
{
    /// <summary>The mode that the network has.</summary>
    public string Mode { get; init; } = "";
    /// <summary>The outer links it uses; lets another project see that a NIC is taken (M31).</summary>
    public ImmutableArray<string> Uplinks { get; init; } = [];
    /// <summary>How it was with its bridge before Weft took that over; null when Weft made it.</summary>
    public Adoption? Adopted { get; init; }
    /// <summary>The link on which its ports see each other's frames and a MAC must be unique: the outer link, which two bridges may share, or the bridge.</summary>
    public string Wire => Mode == "bridge" && !Uplinks.IsEmpty ? Uplinks[0] : Bridge;

    /// <inheritdoc/>
    public bool Equals(NetworkAllocation? o) => o is not null && Project == o.Project && Network == o.Network && Bridge == o.Bridge && Mac == o.Mac
        && Mode == o.Mode && Equals(Adopted, o.Adopted) && Subnets.AsSpan().SequenceEqual(o.Subnets.AsSpan()) && Uplinks.AsSpan().SequenceEqual(o.Uplinks.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Project, Network, Bridge);
}

/// <summary>Everything given out on a host, over all projects, or a part of it: all networks, and the ports of some.</summary>
public sealed record AllocationState(ImmutableArray<NetworkAllocation> Networks, ImmutableArray<PortAllocation> Ports)
{
    /// <summary>Nothing given out.</summary>
    public static readonly AllocationState Empty = new([], []);

    /// <summary>Nothing is given out.</summary>
    public bool IsEmpty => Networks.IsEmpty && Ports.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(AllocationState? o) => o is not null && Networks.AsSpan().SequenceEqual(o.Networks.AsSpan()) && Ports.AsSpan().SequenceEqual(o.Ports.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Networks.Length, Ports.Length);

    /// <summary>What the network was given, or null.</summary>
    public NetworkAllocation? Network(string project, string network) => Networks.FirstOrDefault(n => n.Project == project && n.Network == network);
}

/// <summary>Knows what is given out anywhere on the host, where a state holds only what is near.</summary>
/// <param name="HasTap">Whether a port has the tap of that name.</param>
/// <param name="HasMac">Whether a port has that MAC.</param>
public sealed record Elsewhere(Func<string, bool> HasTap, Func<MacAddress, bool> HasMac)
{
    /// <summary>The state holds all ports.</summary>
    public static readonly Elsewhere Nothing = new(_ => false, _ => false);
}

/// <summary>Fills the span with random bytes; the caller passes the system's generator, a test a seeded one.</summary>
public delegate void RandomBytes(Span<byte> destination);
