using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>The new state and what could not be given.</summary>
/// <param name="State">What is given out now, over all projects.</param>
/// <param name="Diagnostics">Faults; with an error among them the state must not be used.</param>
public sealed record AllocationResult(AllocationState State, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>True when everything asked for was given.</summary>
    public bool Succeeded => !Diagnostics.Any(d => d.Severity == Severity.Error);
}

/// <summary>
/// Gives out bridge names, MACs, subnets, taps and addresses. What was given before stays as long as it is still right; what nobody
/// needs any more is released; nothing is given twice. The cost grows with the number of ports, not with its square.
/// </summary>
public static class Allocator
{
    /// <summary>Allocates for a project as its file says.</summary>
    /// <param name="project">The file.</param>
    /// <param name="host">The host, for names, addresses and routes in use.</param>
    /// <param name="existing">What is given out, over all projects.</param>
    /// <param name="now">Time of the allocation.</param>
    /// <param name="random">Source of MACs and unique local prefixes.</param>
    public static AllocationResult Allocate(ProjectSpec project, HostModel host, AllocationState existing, DateTimeOffset now, RandomBytes random)
    {
        var faults = new DiagnosticBag();
        var networks = new NetworkAllocator(project, host, existing, random, faults).Run();
        var ports = new PortAllocator(project, host, existing, Elsewhere.Nothing, networks, now, random, faults);
        ports.GiveDeclared();
        return new(ports.State(), [.. faults.Items]);
    }

    /// <summary>Gives a port to a machine that the file does not declare on that network; one that has it already keeps it.</summary>
    /// <param name="project">The file as applied.</param>
    /// <param name="host">The host.</param>
    /// <param name="existing">What is given out: all networks, and the ports at least of those on the same <see cref="NetworkAllocation.Wire"/>.</param>
    /// <param name="elsewhere">What other ports have.</param>
    /// <param name="machine">Name of the machine.</param>
    /// <param name="wanted">Network, MAC and addresses asked for.</param>
    /// <param name="now">Time of the allocation.</param>
    /// <param name="random">Source of MACs.</param>
    public static AllocationResult AddPort(ProjectSpec project, HostModel host, AllocationState existing, Elsewhere elsewhere, string machine,
        PortSpec wanted, DateTimeOffset now, RandomBytes random)
    {
        var faults = new DiagnosticBag();
        var ports = new PortAllocator(project, host, existing, elsewhere, existing.Networks, now, random, faults);
        ports.KeepAll();
        ports.GiveOne(machine, wanted);
        return new(ports.State(), [.. faults.Items]);
    }

    /// <summary>Releases the machine's undeclared ports on a network; a declared one stays and is reported, because the next apply would give it again.</summary>
    public static AllocationResult RemovePort(AllocationState existing, string project, string network, string machine)
    {
        bool Same(PortAllocation p) => p.Project == project && p.Network == network && p.Machine == machine;
        var found = existing.Ports.Where(Same).ToList();
        if (found.Count == 0)
            return Refused(existing, "WEFT2010", $"machine {machine} has no port on network {network}", null);
        if (found.Exists(p => p.Declared))
            return Refused(existing, "WEFT2011", $"the port of {machine} on {network} is declared in the project's file", "take it out of the file and apply that");
        return new(existing with { Ports = [.. existing.Ports.Where(p => !Same(p))] }, []);
    }

    /// <summary>Releases everything of a project.</summary>
    public static AllocationState RemoveProject(AllocationState existing, string project) =>
        new([.. existing.Networks.Where(n => n.Project != project)], [.. existing.Ports.Where(p => p.Project != project)]);

    private static AllocationResult Refused(AllocationState state, string code, string message, string? hint) =>
        new(state, [new Diagnostic(code, Severity.Error, message, Location.None, hint)]);
}
