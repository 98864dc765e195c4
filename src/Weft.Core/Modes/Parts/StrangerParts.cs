using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>
/// Keeps a link that somebody puts on a bridge from carrying anything before a port is known for it: the policy of the bridge itself is in force before
/// the bridge is there.
/// </summary>
internal static class StrangerParts
{
    /// <summary>What the bridge does with strangers, and that its uplink is none.</summary>
    public static IEnumerable<Resource> OfBridge(NetworkSpec network, BuildContext context, BridgeResource bridge, string? uplink)
    {
        NftElementResource Element(string set, string key, params string[] data) => new(bridge.Owner, network.Name, BridgeSets.Table, set, [key], [.. data]);

        yield return Element(BridgeSets.Bridges, bridge.Name, network.DefaultPort == DefaultPort.Allow ? "goto loose" : "goto stranger");
        // A bridge over a NIC has the NIC's MAC, which a VLAN of the NIC on another bridge has too.
        if (ByMember(network, context) && uplink is null) yield return Element(BridgeSets.Own, bridge.Mac.ToString());
        if (uplink is null) yield break;
        foreach (var element in OfPort(network, context, bridge, uplink, "accept")) yield return element;
    }

    /// <summary>That a link is known, and what becomes of its frames.</summary>
    public static IEnumerable<NftElementResource> OfPort(NetworkSpec network, BuildContext context, BridgeResource bridge, string link, string verdict)
    {
        yield return new(bridge.Owner, network.Name, BridgeSets.Table, BridgeSets.Ports, [link], [verdict]);
        if (ByMember(network, context)) yield return new(bridge.Owner, network.Name, BridgeSets.Table, BridgeSets.Members, [link], []);
    }

    private static bool ByMember(NetworkSpec network, BuildContext context) => network.DefaultPort != DefaultPort.Allow && !NftSkeleton.TellsBridge(context.Host);
}
