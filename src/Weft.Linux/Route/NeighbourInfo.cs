using System.Net;
using System.Net.Sockets;

namespace Weft.Linux.Route;

/// <summary>NUD_* of linux/neighbour.h.</summary>
[Flags]
public enum NeighbourState : ushort
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Being asked for.</summary>
    Incomplete = 1,
    /// <summary>Known to be there.</summary>
    Reachable = 2,
    /// <summary>Not confirmed lately.</summary>
    Stale = 4,
    /// <summary>About to be asked again.</summary>
    Delay = 8,
    /// <summary>Being asked again.</summary>
    Probe = 0x10,
    /// <summary>Did not answer.</summary>
    Failed = 0x20,
    /// <summary>Needs no asking; in an FDB: static.</summary>
    NoArp = 0x40,
    /// <summary>Set by the administrator; in an FDB: an address of the host itself.</summary>
    Permanent = 0x80,
}

/// <summary>NTF_* of linux/neighbour.h.</summary>
[Flags]
public enum NeighbourFlags : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Used lately.</summary>
    Use = 1,
    /// <summary>In the FDB of the link itself.</summary>
    Self = 2,
    /// <summary>In the FDB of the bridge that the link is a port of.</summary>
    Master = 4,
    /// <summary>This host answers for it.</summary>
    Proxy = 8,
    /// <summary>Learned by another than the kernel.</summary>
    ExtLearned = 0x10,
    /// <summary>Handed to hardware.</summary>
    Offloaded = 0x20,
    /// <summary>Stays on its port.</summary>
    Sticky = 0x40,
    /// <summary>A router (IPv6).</summary>
    Router = 0x80,
}

/// <summary>A neighbour in ARP or ND terms (RTM_GETNEIGH).</summary>
public sealed record NeighbourInfo
{
    /// <summary>Interface index.</summary>
    public required int LinkIndex { get; init; }
    /// <summary>Its address.</summary>
    public required IPAddress Address { get; init; }
    /// <summary>Null when unknown, or for a proxy entry.</summary>
    public MacAddress? Mac { get; init; }
    /// <summary>State.</summary>
    public NeighbourState State { get; init; } = NeighbourState.Permanent;
    /// <summary>Flags; <see cref="NeighbourFlags.Proxy"/> makes it a proxy entry.</summary>
    public NeighbourFlags Flags { get; init; }
    /// <summary>RTPROT_*; 0 when not told.</summary>
    public byte Protocol { get; init; }
}

/// <summary>An entry of a forwarding database (RTM_GETNEIGH of AF_BRIDGE, bridge-fdb(8)).</summary>
public sealed record FdbEntry
{
    /// <summary>Interface index of the port.</summary>
    public required int LinkIndex { get; init; }
    /// <summary>The address that is behind it.</summary>
    public required MacAddress Mac { get; init; }
    /// <summary>Null for none.</summary>
    public ushort? Vlan { get; init; }
    /// <summary>Interface index of the bridge; 0 when told by the link itself.</summary>
    public int MasterIndex { get; init; }
    /// <summary>
    /// <see cref="NeighbourState.NoArp"/> is static: behind that port. <see cref="NeighbourState.Permanent"/> is an address of the
    /// host itself. Others are learned.
    /// </summary>
    public NeighbourState State { get; init; } = NeighbourState.NoArp;
    /// <summary>Which FDB (<see cref="NeighbourFlags.Master"/> or <see cref="NeighbourFlags.Self"/>), and more.</summary>
    public NeighbourFlags Flags { get; init; } = NeighbourFlags.Master;
    /// <summary>Far end of a tunnel (VXLAN); else null.</summary>
    public IPAddress? Remote { get; init; }
}

/// <summary>A VLAN, or a range of them, on a port of a bridge or on the bridge itself (bridge-vlan(8)).</summary>
/// <param name="LinkIndex">Interface index of the port or bridge.</param>
/// <param name="Vid">1 to 4094.</param>
/// <param name="LastVid">The last of the range; the same as <paramref name="Vid"/> for one.</param>
/// <param name="Pvid">Untagged frames that come in belong to it.</param>
/// <param name="Untagged">Its frames leave untagged.</param>
public readonly record struct BridgeVlan(int LinkIndex, ushort Vid, ushort LastVid, bool Pvid = false, bool Untagged = false);
