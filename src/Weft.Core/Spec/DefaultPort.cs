namespace Weft.Core.Spec;

/// <summary>What a link that is put on a network's bridge by somebody else gets, when no port is known for it.</summary>
public enum DefaultPort
{
    /// <summary>It carries nothing.</summary>
    Block,
    /// <summary>A port of its own, as of "weft port add": addresses, and held to them and its MAC.</summary>
    Guard,
    /// <summary>It carries all but what belongs to the bridge itself.</summary>
    Allow,
}
