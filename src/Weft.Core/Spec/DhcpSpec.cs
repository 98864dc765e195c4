using System.Collections.Immutable;
using System.Net;

namespace Weft.Core.Spec;

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
