using System.Collections.Immutable;
using System.Net;

namespace Weft.Core.Spec;

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
