namespace Weft.Core.Spec;

/// <summary>A bridge over an uplink (M1).</summary>
public sealed record BridgeNetworkSpec(string Name) : NetworkSpec(Name)
{
    /// <inheritdoc/>
    public override string Mode => "bridge";
    /// <summary>The NIC, bond or VLAN of a NIC; null for a bridge without uplink.</summary>
    public UplinkSpec? Uplink { get; init; }
}
