using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Rendering;

/// <summary>One thing that show shows, for people.</summary>
/// <param name="Part">What of the state.</param>
/// <param name="Print">Prints it.</param>
internal sealed record ShowView(ShowParts Part, Action<Screen, ShowDocument> Print)
{
    /// <summary>As on the command line.</summary>
    internal string Name { get; } = Part.ToString().ToLowerInvariant();

    /// <summary>All of them, in the order in which they are shown.</summary>
    internal static readonly ShowView[] All =
    [
        new(ShowParts.Networks, NetworksView.Print), new(ShowParts.Ports, PortsView.Print), new(ShowParts.Leases, LeasesView.Print), new(ShowParts.Addresses, AddressesView.Print), new(ShowParts.Forwards, ForwardsView.Print),
    ];
}
