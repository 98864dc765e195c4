using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Parts;

/// <summary>The host's routes to networks behind machines.</summary>
internal static class RouteParts
{
    /// <summary>One each.</summary>
    public static IEnumerable<Resource> Build(NetworkSpec network, BridgeResource bridge) =>
        network.Routes.Select(r => new RouteResource(bridge.Owner, bridge.Network, r.To, bridge.Name, r.Via, Metric: r.Metric));
}
