using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes;
using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Planning;

/// <summary>What a project shall be on the host.</summary>
/// <param name="Resources">Each key once.</param>
/// <param name="Notes">Faults, warnings and remarks; with an error among them nothing must be done.</param>
public sealed record BuildResult(ImmutableArray<Resource> Resources, ImmutableArray<Diagnostic> Notes)
{
    /// <summary>True when nothing speaks against doing it.</summary>
    public bool Succeeded => !Notes.Any(d => d.Severity == Severity.Error);
}

/// <summary>Ties the modes together: checks and builds all networks of a project.</summary>
public static class ProjectBuilder
{
    /// <summary>Checks and builds.</summary>
    /// <param name="project">The file.</param>
    /// <param name="host">The host.</param>
    /// <param name="given">What was allocated, this project's allocation included.</param>
    /// <param name="before">What was allocated when the projects of the host were last applied; null for nothing.</param>
    public static BuildResult Build(ProjectSpec project, HostModel host, AllocationState given, AllocationState? before = null)
    {
        var notes = new DiagnosticBag();
        var check = new CheckContext(project, host, given, notes);
        foreach (var network in project.Networks) ModeCatalog.Of(network).Check(network, check);
        var resources = notes.HasErrors ? [] : Resources(project, host, given, before ?? AllocationState.Empty, notes);
        return new(resources, [.. notes.Items.Distinct()]);
    }

    /// <summary>The resources of one port alone: what its network has with it and not without it. The cost does not grow with the network's ports.</summary>
    /// <param name="project">The file.</param>
    /// <param name="host">The host.</param>
    /// <param name="given">What was allocated.</param>
    /// <param name="port">The port.</param>
    /// <exception cref="ArgumentException">The file has no such network.</exception>
    public static ImmutableArray<Resource> Port(ProjectSpec project, HostModel host, AllocationState given, PortAllocation port)
    {
        var network = project.Networks.FirstOrDefault(n => n.Name == port.Network) ?? throw new ArgumentException($"project {project.Name} has no network {port.Network}");
        var allocation = given.Network(project.Name, port.Network) ?? throw new ArgumentException($"network {port.Network} was not applied yet");
        IEnumerable<Resource> With(ImmutableArray<PortAllocation> ports) =>
            ModeCatalog.Of(network).Build(network, new BuildContext(project, host, allocation, ports) { Given = given.Networks });
        var without = With([]).Select(r => r.Key).ToHashSet();
        return [.. With([port]).Where(r => !without.Contains(r.Key)).DistinctBy(r => r.Key)];
    }

    private static ImmutableArray<Resource> Resources(ProjectSpec project, HostModel host, AllocationState given, AllocationState before, DiagnosticBag notes)
    {
        var networks = given.Networks.Where(n => n.Project == project.Name).ToDictionary(n => n.Network);
        var earlier = before.Networks.Where(n => n.Project == project.Name).ToDictionary(n => n.Network);
        var ports = given.Ports.Where(p => p.Project == project.Name).ToLookup(p => p.Network);
        var all = new Dictionary<ResourceKey, Resource>();
        foreach (var network in project.Networks)
        {
            var context = new BuildContext(project, host, networks[network.Name], [.. ports[network.Name]])
            {
                Notes = notes, Given = given.Networks, Before = earlier.GetValueOrDefault(network.Name),
            };
            foreach (var resource in ModeCatalog.Of(network).Build(network, context)) Add(all, resource, network, notes);
        }
        return [.. all.Values];
    }

    // Two networks may need the same shared thing; anything else that comes twice with different content is a fault of the file.
    private static void Add(Dictionary<ResourceKey, Resource> all, Resource resource, NetworkSpec network, DiagnosticBag notes)
    {
        if (all.TryAdd(resource.Key, resource) || all[resource.Key].Equals(resource)) return;
        notes.Error("WEFT3301", network.At, $"network {network.Name}: {resource.Key} is wanted by network {all[resource.Key].Network} too, in another way");
    }
}
