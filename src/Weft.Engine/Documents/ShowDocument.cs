using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Weft.Engine.Documents;

/// <summary>The live state beside the declared one; what was not asked for is left out.</summary>
public sealed record ShowDocument : Document, ILook
{
    /// <summary>Networks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<NetworkDocument>? Networks { get; init; }
    /// <summary>Ports of machines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PortStateDocument>? Ports { get; init; }
    /// <summary>What DHCP has given out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<LeaseDocument>? Leases { get; init; }
    /// <summary>Who has which address since when.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<AddressDocument>? Addresses { get; init; }
    /// <summary>Forwards and floating addresses.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ForwardDocument>? Forwards { get; init; }
    /// <inheritdoc/>
    public OpenDocument? Open { get; init; }
}

/// <summary>A network as it was given and as it is.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Mode">bridge or nat.</param>
/// <param name="Bridge">Link name of its bridge.</param>
/// <param name="Mac">The bridge's MAC.</param>
/// <param name="State">up, down or missing.</param>
/// <param name="Mtu">Bytes; null when it is missing.</param>
/// <param name="Subnets">Subnets.</param>
/// <param name="Uplinks">Outer links.</param>
/// <param name="Addresses">The host's addresses on the bridge, as they are.</param>
/// <param name="Ports">Ports given out.</param>
/// <param name="PortsUp">Ports whose machine is running.</param>
public sealed record NetworkDocument(string Project, string Network, string Mode, string Bridge, string Mac, string State, int? Mtu,
    ImmutableArray<string> Subnets, ImmutableArray<string> Uplinks, ImmutableArray<string> Addresses, int Ports, int PortsUp);

/// <summary>A lease.</summary>
/// <param name="Address">The address.</param>
/// <param name="Name">The client's name; null when it has none.</param>
/// <param name="Project">Project; null when its subnet is no longer served.</param>
/// <param name="Network">Network; null as well then.</param>
/// <param name="Bridge">The link it was given on.</param>
/// <param name="Mac">The client's MAC; null when a DUID does not tell it.</param>
/// <param name="ClientId">Client identifier or DUID in hexadecimal.</param>
/// <param name="Expires">When it ends (UTC); null when never.</param>
public sealed record LeaseDocument(string Address, string? Name, string? Project, string? Network, string? Bridge, string? Mac, string? ClientId, DateTimeOffset? Expires);

/// <summary>An address that was given, or that a machine was seen with.</summary>
/// <param name="Address">The address.</param>
/// <param name="Machine">Machine.</param>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Mac">The port's MAC.</param>
/// <param name="Since">When it was given (UTC); where Weft did not give it, when the port was.</param>
/// <param name="Seen">The host has seen it on the wire, the machine told its neighbours of it, or a DHCP server of the LAN the machine.</param>
public sealed record AddressDocument(string Address, string Machine, string Project, string Network, string Mac, DateTimeOffset Since, bool Seen)
{
    /// <summary>Weft gave it; false where somebody else did.</summary>
    public bool Given { get; init; } = true;
    /// <summary>How it is known: weft gave it; dhcp of the LAN did; else the machine uses it, as arp (IPv4) or nd (IPv6) say.</summary>
    public required string Source { get; init; }
}

/// <summary>A forward or floating address with what went through it.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Listen">What is listened on.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Connections">Connections since it was made.</param>
/// <param name="Packets">Packets of its target, both directions.</param>
/// <param name="Bytes">Bytes of its target.</param>
public sealed record ForwardDocument(string Project, string Network, string Listen, string To, ulong Connections, ulong? Packets, ulong? Bytes);
