using System.Collections.Frozen;
using System.Collections.Immutable;
using Weft.Core.Modes.Bridge;
using Weft.Core.Modes.Nat;
using Weft.Core.Spec;

namespace Weft.Core.Modes;

/// <summary>The list of modes.</summary>
public static class ModeCatalog
{
    /// <summary>All modes.</summary>
    public static readonly ImmutableArray<IMode> All = [new BridgeMode(), new NatMode()];

    private static readonly FrozenDictionary<string, IMode> ByName = All.ToFrozenDictionary(m => m.Name);

    /// <summary>The mode of a network.</summary>
    /// <exception cref="KeyNotFoundException">No mode has that name: the reader lets no such network through.</exception>
    public static IMode Of(NetworkSpec network) => ByName[network.Mode];
}
