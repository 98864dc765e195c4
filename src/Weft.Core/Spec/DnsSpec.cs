using System.Collections.Immutable;
using System.Net;

namespace Weft.Core.Spec;

/// <summary>DNS of a network.</summary>
/// <param name="Enabled">Whether names are answered.</param>
public sealed record DnsSpec(bool Enabled = true)
{
    /// <summary>Extra names (relative to the network's domain) with their addresses.</summary>
    public ImmutableArray<DnsRecordSpec> Records { get; init; } = [];
    /// <summary>Texts (TXT), by name.</summary>
    public ImmutableArray<DnsTextSpec> Texts { get; init; } = [];
    /// <summary>Where services are (SRV).</summary>
    public ImmutableArray<DnsServiceSpec> Services { get; init; } = [];
    /// <summary>Upstream servers; empty means those of the host's resolv.conf.</summary>
    public ImmutableArray<IPAddress> Forwarders { get; init; } = [];
}

/// <summary>A text of a name (TXT, RFC 1035).</summary>
/// <param name="Name">Relative to the network's domain.</param>
/// <param name="Text">Printable ASCII without quotes and backslashes, at most 255 characters.</param>
public sealed record DnsTextSpec(string Name, string Text);

/// <summary>Where a service is (SRV, RFC 2782).</summary>
/// <param name="Name">"_http._tcp", relative to the network's domain.</param>
/// <param name="Target">A machine of the network, or a name with its domain.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record DnsServiceSpec(string Name, string Target, int Port)
{
    /// <summary>The lowest is asked first.</summary>
    public int Priority { get; init; }
    /// <summary>Share among those of one priority.</summary>
    public int Weight { get; init; }
}

/// <summary>A name with an address.</summary>
public sealed record DnsRecordSpec(string Name, IPAddress Address);
