using System.Collections.Immutable;

namespace Weft.Core.Spec;

/// <summary>VLAN filtering: ids that cross the uplink, and its native (untagged) one.</summary>
public sealed record VlanSpec(int Native, ImmutableArray<VlanRange> Trunk);

/// <summary>VLAN ids, inclusive.</summary>
public readonly record struct VlanRange(int First, int Last);
