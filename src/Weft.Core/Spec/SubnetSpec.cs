using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec;

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

/// <summary>A network behind a machine: the host's route to it.</summary>
/// <param name="To">The network.</param>
/// <param name="Via">The machine's address.</param>
public sealed record RouteSpec(IpPrefix To, IPAddress Via)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Metric of the route; 0 leaves it to the kernel.</summary>
    public int Metric { get; init; }
}

/// <summary>Addresses, inclusive.</summary>
public readonly record struct AddressRange(IPAddress First, IPAddress Last);
