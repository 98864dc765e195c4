using System.Collections.Immutable;
using System.Net;
using Weft.Core.Model;

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
    ImmutableArray<IPAddress> Addresses, DateTimeOffset Since, bool Declared);

/// <summary>What a network was given: its bridge's name and MAC, and its subnets where the file left them out.</summary>
public sealed record NetworkAllocation(string Project, string Network, string Bridge, MacAddress Mac, ImmutableArray<IpPrefix> Subnets);

/// <summary>Everything given out on a host, over all projects.</summary>
public sealed record AllocationState(ImmutableArray<NetworkAllocation> Networks, ImmutableArray<PortAllocation> Ports)
{
    /// <summary>Nothing given out.</summary>
    public static readonly AllocationState Empty = new([], []);
}
