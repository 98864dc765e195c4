using Weft.Core.Diagnostics;

namespace Weft.Core.Spec;

/// <summary>An uplink: a link by name, or a VLAN of it made by Weft.</summary>
/// <param name="Link">Name of the NIC or bond.</param>
/// <param name="Vlan">802.1Q id (1-4094); Weft makes LINK.ID. Null for the link itself.</param>
public sealed record UplinkSpec(string Link, int? Vlan = null)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>STP path cost; null leaves the kernel's.</summary>
    public int? Cost { get; init; }
    /// <summary>STP port priority, 0-63; null leaves the kernel's.</summary>
    public int? Priority { get; init; }
    /// <summary>Whether the uplink's addresses and routes move to the bridge; true unless the file says otherwise.</summary>
    public bool MoveAddresses { get; init; } = true;
}
