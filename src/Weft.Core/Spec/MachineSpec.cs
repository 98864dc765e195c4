using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec;

/// <summary>A machine and its ports.</summary>
public sealed record MachineSpec(string Name, ImmutableArray<PortSpec> Ports)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
}

/// <summary>One NIC of a machine.</summary>
public sealed record PortSpec(string Network)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Its MAC; null lets Weft give a locally administered one.</summary>
    public MacAddress? Mac { get; init; }
    /// <summary>Its addresses; a family left out is given automatically.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];
    /// <summary>Link name of the tap; null lets Weft choose.</summary>
    public string? Tap { get; init; }
    /// <summary>Access VLAN (untagged) or null.</summary>
    public int? Vlan { get; init; }
    /// <summary>Tagged VLANs.</summary>
    public ImmutableArray<VlanRange> Trunk { get; init; } = [];
    /// <summary>Isolated ports do not reach other isolated ports of the bridge.</summary>
    public bool Isolated { get; init; }
    /// <summary>Hairpin: frames may go back out of the port they came from.</summary>
    public bool Hairpin { get; init; }
    /// <summary>Whether source MAC, ARP and addresses are held to what the port was given.</summary>
    public bool AntiSpoof { get; init; } = true;
    /// <summary>Number of queues of the tap; 1 is a plain tap.</summary>
    public int Queues { get; init; } = 1;
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>Edge port: forwards at once (true for machines).</summary>
    public bool Edge { get; init; } = true;
}
