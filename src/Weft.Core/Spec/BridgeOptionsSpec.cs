using Weft.Core.Model;

namespace Weft.Core.Spec;

/// <summary>Spanning tree of a bridge (802.1D); times in seconds; null leaves the kernel's.</summary>
public sealed record StpSpec(bool Enabled, int? Priority = null, int? ForwardDelay = null, int? Hello = null, int? MaxAge = null);

/// <summary>Options of a bridge that matter. Ageing in seconds.</summary>
public sealed record BridgeOptionsSpec(int? Ageing = null, bool MulticastSnooping = false, bool MulticastQuerier = false);

/// <summary>A static FDB entry.</summary>
/// <param name="Mac">The address.</param>
/// <param name="Port">Link name of the port, "uplink", or MACHINE.</param>
/// <param name="Vlan">VLAN id or null.</param>
public sealed record FdbSpec(MacAddress Mac, string Port, int? Vlan);
