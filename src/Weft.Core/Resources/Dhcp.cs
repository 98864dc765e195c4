using System.Collections.Immutable;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Resources;

/// <summary>DHCP, router advertisements and DNS of one network, served by the one dnsmasq of the network namespace.</summary>
public sealed record DhcpScopeResource(string Owner, string Network, string Link) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.DhcpScope, Link);
    /// <inheritdoc/>
    public override string Summary => $"{string.Join(", ", Ranges.Select(r => $"{r.First}-{r.Last}"))} on {Link}";
    /// <summary>Ranges for machines that are not declared, one per subnet at most; an equal pair means declared machines only ("static").</summary>
    public required ImmutableArray<DhcpRange> Ranges { get; init; }
    /// <summary>Lease time in seconds.</summary>
    public int LeaseSeconds { get; init; } = 3600;
    /// <summary>The network's DNS domain: dev.weft.</summary>
    public required string Domain { get; init; }
    /// <summary>Option 26 and the RA's MTU; bytes.</summary>
    public required int Mtu { get; init; }
    /// <summary>Whether names are answered.</summary>
    public bool Dns { get; init; } = true;
    /// <summary>DNS servers told to clients; empty means the host's own address.</summary>
    public ImmutableArray<IPAddress> DnsServers { get; init; } = [];
    /// <summary>Upstream servers; empty means those of the host.</summary>
    public ImmutableArray<IPAddress> Forwarders { get; init; } = [];
    /// <summary>Extra names.</summary>
    public ImmutableArray<DnsRecordSpec> Records { get; init; } = [];
    /// <summary>Texts.</summary>
    public ImmutableArray<DnsTextSpec> Texts { get; init => field = value.IsDefault ? [] : value; } = [];
    /// <summary>Services.</summary>
    public ImmutableArray<DnsServiceSpec> Services { get; init => field = value.IsDefault ? [] : value; } = [];
    /// <summary>Whether a default router is announced (false in isolated networks).</summary>
    public bool Router { get; init; } = true;

    /// <inheritdoc/>
    public bool Equals(DhcpScopeResource? o) => o is not null && Owner == o.Owner && Network == o.Network && Link == o.Link && LeaseSeconds == o.LeaseSeconds
        && Domain == o.Domain && Mtu == o.Mtu && Dns == o.Dns && Router == o.Router
        && Ranges.AsSpan().SequenceEqual(o.Ranges.AsSpan()) && Records.AsSpan().SequenceEqual(o.Records.AsSpan())
        && Texts.AsSpan().SequenceEqual(o.Texts.AsSpan()) && Services.AsSpan().SequenceEqual(o.Services.AsSpan())
        && DnsServers.AsSpan().SequenceEqual(o.DnsServers.AsSpan()) && Forwarders.AsSpan().SequenceEqual(o.Forwarders.AsSpan());
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Link, Domain);
}

/// <summary>A range of one subnet.</summary>
/// <param name="Subnet">The network.</param>
/// <param name="Gateway">The host's address in it.</param>
/// <param name="First">First address for machines that are not declared.</param>
/// <param name="Last">Last such address; inclusive.</param>
/// <param name="StaticOnly">Only declared machines are answered.</param>
/// <param name="Stateful">IPv6: DHCPv6 gives addresses; else stateless with SLAAC.</param>
public sealed record DhcpRange(IpPrefix Subnet, IPAddress Gateway, IPAddress First, IPAddress Last, bool StaticOnly, bool Stateful = true);

/// <summary>A machine on a network, known to DHCP by its MAC and to DNS by its name.</summary>
public sealed record DhcpHostResource(string Owner, string Network, string Link, string Name, MacAddress Mac) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.DhcpHost, $"{Link} {Mac}");
    /// <inheritdoc/>
    public override string Summary => $"{Name} {string.Join(' ', Addresses)}";
    /// <summary>Its addresses.</summary>
    public required ImmutableArray<IPAddress> Addresses { get; init; }
    /// <inheritdoc/>
    public bool Equals(DhcpHostResource? o) => o is not null && Owner == o.Owner && Network == o.Network && Link == o.Link && Name == o.Name && Mac == o.Mac
        && Addresses.AsSpan().SequenceEqual(o.Addresses.AsSpan());
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Link, Mac);
}
