using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Machines;
using Weft.Engine.Store;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>
    /// Works out what a link gets that a hypervisor put on a network's bridge: the port of its machine, known by MAC or by name; else what the network has for strangers. Its cost
    /// does not grow with the ports.
    /// </summary>
    /// <param name="project">The bridge's project.</param>
    /// <param name="network">The bridge's network.</param>
    /// <param name="link">The link.</param>
    /// <param name="identity">What is known of the machine.</param>
    /// <param name="specs">Files read before.</param>
    public GuestAnswer ProposeGuest(string project, string network, string link, GuestIdentity identity, SpecCache specs)
    {
        var networks = Store.Networks;
        if (networks.FirstOrDefault(n => n.Project == project && n.Network == network) is not { } allocation) return GuestAnswer.None($"network {network} of project {project} is not in the database");
        if (allocation.Uplinks.Contains(link) || Store.HasTap(link)) return GuestAnswer.None("it is Weft's own") with { IsOwn = true };
        if (specs.Of(project, Store) is not { } spec || spec.Networks.FirstOrDefault(n => n.Name == network) is not { } declared) return GuestAnswer.None($"the file of project {project} as it was applied cannot be read");
        var search = new GuestSearch(Store, spec, project, network, l => IsOn(l, allocation.Bridge), l => _socket.Link(l) is { Carrier: true });
        if (search.Find(link, identity) is { } port) return Attach(spec, networks, port.Before, port.After);
        if (search.Conflict is { } why) return GuestAnswer.None(why);
        return declared.DefaultPort switch
        {
            DefaultPort.Guard => Adopt(spec, networks, allocation, link, identity),
            DefaultPort.Allow => GuestAnswer.None("no port is known for it") with { IsAllowed = true },
            _ => GuestAnswer.None(Reason(identity)),
        };
    }

    /// <summary>Works out what takes a link's port from it. Its cost does not grow with the ports.</summary>
    /// <param name="link">The link, which may be gone.</param>
    /// <param name="specs">Files read before.</param>
    /// <returns>Null when it is no machine's port.</returns>
    public Proposal? ProposeGuestRelease(string link, SpecCache specs)
    {
        if (Store.PortBehind(link) is not { } port || specs.Of(port.Project, Store) is not { } spec) return null;
        return GuestChange(spec, Store.Networks, "port detach", port, port.Guest ? null : port with { Link = null });
    }

    /// <summary>Links that are ports by the database and no more on their bridges.</summary>
    public IReadOnlyList<string> GoneGuests() =>
        [.. Store.GuestPorts.Where(p => Store.Networks.FirstOrDefault(n => n.Project == p.Project && n.Network == p.Network) is not { } n || !IsOn(p.Link!, n.Bridge)).Select(p => p.Link!)];

    private GuestAnswer Attach(ProjectSpec spec, ImmutableArray<NetworkAllocation> networks, PortAllocation before, PortAllocation after) =>
        new(GuestChange(spec, networks, "port attach", before, after), after, "");

    // The machine's name with the hypervisor where Weft can have a machine of that name, else the link's.
    private GuestAnswer Adopt(ProjectSpec spec, ImmutableArray<NetworkAllocation> networks, NetworkAllocation network, string link, GuestIdentity identity)
    {
        if (identity.Mac is not { } mac) return GuestAnswer.None("its MAC is not known yet");
        var (existing, lost) = (Near(Store, networks, network), Lost(spec.Name).RemoveAll(p => p.Tap == link));
        bool Has(string machine) => spec.Machines.Any(m => m.Name == machine) || existing.Ports.Concat(lost).Any(p => p.Project == spec.Name && p.Network == network.Network && p.Machine == machine);
        var machine = new[] { identity.Machine, link, $"port-{mac.Value:x12}" }.First(m => m is not null && SpecText.IsLabel(m) && !Has(m))!;
        var host = HostForPort(networks);
        var given = GiveUnused(ref host, existing, lost, (h, all) => Allocator.AddPort(spec, h, all, Elsewhere, machine, new PortSpec(network.Network) { Mac = mac }, Now, Draw()));
        if (!given.Succeeded) return GuestAnswer.None(given.Diagnostics.First(d => d.Severity == Severity.Error).Message);
        var port = given.State.Ports.First(p => p.Project == spec.Name && p.Network == network.Network && p.Machine == machine) with { Guest = true, Link = link };
        return new(GuestChange(spec, networks, "port attach", null, port), port, "");
    }

    private Proposal GuestChange(ProjectSpec spec, ImmutableArray<NetworkAllocation> networks, string verb, PortAllocation? before, PortAllocation? after)
    {
        var host = HostAsApplied(networks);
        var alone = spec with { Machines = [.. spec.Machines.Where(m => m.Name == (before ?? after)!.Machine)] };
        ImmutableArray<Resource> Resources(PortAllocation? port) => port is null ? [] : ProjectBuilder.Port(alone, host, new(networks, [port]), port);
        var (was, will) = (Resources(before), Resources(after));
        var (old, wanted) = (was.ToHashSet(), will.ToHashSet());
        ImmutableArray<Resource> desired = [.. will.Where(r => !old.Contains(r))];
        var row = Store.Sketch(spec.Name)!;
        var existing = new AllocationState(networks, before is null ? [] : [before]);
        return Finished(new PortDraft(new Applied(row, spec), verb, [.. desired, .. was.Where(r => !wanted.Contains(r))], desired, existing, existing with { Ports = after is null ? [] : [after] }, s => s.Allocations()));
    }

    // What a link's port is made of depends on the host only where an apply does too: it is read again when something was applied.
    private HostModel HostAsApplied(ImmutableArray<NetworkAllocation> networks)
    {
        var files = Store.FilesKey;
        if (_parts.PortHost is not { } known || known.Files != files) _parts.PortHost = known = (files, HostForPort(networks));
        return known.Host;
    }

    private bool IsOn(string link, string bridge) => _socket.Link(link) is { MasterIndex: > 0 } l && _socket.Link(l.MasterIndex)?.Name == bridge;

    private static string Reason(GuestIdentity i) => (i.MacPattern, i.Machine) switch
    {
        (null, null) => "nothing is known of its machine yet",
        (null, var name) => $"no port is known for machine {name}",
        (var mac, null) => $"no port has MAC {mac.Replace('_', '?')}",
        var (mac, name) => $"no port is known for machine {name} or MAC {mac.Replace('_', '?')}",
    };
}
