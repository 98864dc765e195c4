using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes;

/// <summary>What a mode needs to build a network: the file, the host, and what was allocated.</summary>
/// <param name="Project">The whole file.</param>
/// <param name="Host">The host as it is.</param>
/// <param name="Network">What the network was given.</param>
/// <param name="Ports">Ports on it.</param>
public sealed record BuildContext(ProjectSpec Project, HostModel Host, NetworkAllocation Network, ImmutableArray<PortAllocation> Ports);

/// <summary>One way to build a network. It returns data and does no I/O.</summary>
public interface IMode
{
    /// <summary>As in the file: "bridge", "nat".</summary>
    string Name { get; }

    /// <summary>Everything about this network that this host cannot do or should not, added to the bag; never throws for a fault of the user.</summary>
    void Check(NetworkSpec network, ProjectSpec project, HostModel host, DiagnosticBag faults);

    /// <summary>The records that make up the network.</summary>
    IEnumerable<Resource> Build(NetworkSpec network, BuildContext context);
}
