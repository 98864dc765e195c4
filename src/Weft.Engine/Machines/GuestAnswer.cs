using Weft.Core.Ipam;

namespace Weft.Engine.Machines;

/// <summary>What is to become of a link that a hypervisor put on a bridge.</summary>
/// <param name="Proposal">What gives it its port; null when it gets none.</param>
/// <param name="Port">The port, as it will be.</param>
/// <param name="Why">Why it gets none; "" when it gets one.</param>
public sealed record GuestAnswer(Proposal? Proposal, PortAllocation? Port, string Why)
{
    /// <summary>It is no machine's: an uplink, or a tap of Weft's own.</summary>
    public bool IsOwn { get; init; }
    /// <summary>The network lets strangers through.</summary>
    public bool IsAllowed { get; init; }

    internal static GuestAnswer None(string why) => new(null, null, why);
}
