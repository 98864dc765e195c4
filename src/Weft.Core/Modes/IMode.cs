using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Modes;

/// <summary>What a mode needs to judge a network.</summary>
/// <param name="Project">The whole file.</param>
/// <param name="Host">The host as it is.</param>
/// <param name="Given">What all projects of the host were given.</param>
/// <param name="Faults">Where faults and warnings are collected.</param>
public sealed record CheckContext(ProjectSpec Project, HostModel Host, AllocationState Given, DiagnosticBag Faults);

/// <summary>What a mode needs to build a network: the file, the host, and what was allocated.</summary>
/// <param name="Project">The whole file.</param>
/// <param name="Host">The host as it is.</param>
/// <param name="Network">What the network was given.</param>
/// <param name="Ports">Ports on it, in the order of the allocations.</param>
public sealed record BuildContext(ProjectSpec Project, HostModel Host, NetworkAllocation Network, ImmutableArray<PortAllocation> Ports)
{
    private readonly Dictionary<(string Machine, int Index), PortSpec> _declared = DeclaredOn(Project, Network.Network);

    /// <summary>Where remarks about what was decided are put: "the uplink's MTU is raised".</summary>
    public DiagnosticBag Notes { get; init; } = new();

    /// <summary>What all networks of all projects were given.</summary>
    public ImmutableArray<NetworkAllocation> Given { get; init; } = [];

    /// <summary>What the network was given when it was last applied; null when it is new.</summary>
    public NetworkAllocation? Before { get; init; }

    /// <summary>The bridge of another network of the project; null when there is none.</summary>
    public string? BridgeOf(string network) => Given.FirstOrDefault(n => n.Project == Project.Name && n.Network == network)?.Bridge;

    /// <summary>The declaration of a port; a port that the file does not declare has the defaults.</summary>
    public PortSpec Declaration(PortAllocation port) =>
        _declared.TryGetValue((port.Machine, port.Index), out var spec) ? spec : new PortSpec(port.Network);

    private static Dictionary<(string, int), PortSpec> DeclaredOn(ProjectSpec project, string network)
    {
        var all = new Dictionary<(string, int), PortSpec>();
        foreach (var machine in project.Machines)
        {
            var index = 0;
            foreach (var port in machine.Ports)
                if (port.Network == network) all.TryAdd((machine.Name, index++), port);
        }
        return all;
    }
}

/// <summary>One way to build a network. It returns data and does no I/O.</summary>
public interface IMode
{
    /// <summary>As in the file: "bridge", "nat".</summary>
    string Name { get; }

    /// <summary>The outer links that the network uses or will use; none when it has none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="project">Its file.</param>
    /// <param name="host">The host.</param>
    /// <param name="given">Bridge names of the networks of all projects.</param>
    IEnumerable<string> Uplinks(NetworkSpec network, ProjectSpec project, HostModel host, ImmutableArray<NetworkAllocation> given);

    /// <summary>Everything about this network that this host cannot do or should not, added to the bag; never throws for a fault of the user.</summary>
    void Check(NetworkSpec network, CheckContext context);

    /// <summary>The records that make up the network.</summary>
    IEnumerable<Resource> Build(NetworkSpec network, BuildContext context);
}
