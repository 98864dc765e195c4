using Weft.Core.Resources;

namespace Weft.Core.Modes.Parts;

/// <summary>What goes with a bridge that was somebody else's.</summary>
internal static class AdoptedParts
{
    /// <summary>libvirt's network of the old name, which domains go on naming.</summary>
    public static IEnumerable<Resource> Build(BuildContext context, BridgeResource bridge)
    {
        if (context.Network.Adopted?.Libvirt is { } name) yield return new LibvirtNetworkResource(bridge.Owner, bridge.Network, name, bridge.Name);
    }
}
