using System.Collections.Immutable;
using Weft.Core.Import;
using Weft.Core.Import.Adopt;
using Weft.Core.Model;
using Weft.Engine.Drivers;
using Weft.Engine.Machines;
using Weft.Linux.Libvirt;
using Weft.Linux.Route;

namespace Weft.Engine.Adopt;

/// <summary>A project's file made of bridges that carry traffic, and which of libvirt's networks they are.</summary>
/// <param name="Imported">The project, with what is to be known about it.</param>
/// <param name="Libvirt">Names of libvirt's networks, by the project's networks.</param>
public sealed record AdoptionSource(Imported Imported, IReadOnlyDictionary<string, string> Libvirt)
{
    private static readonly ImmutableDictionary<string, string> NoneOfLibvirt = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads libvirt's networks, without libvirtd.</summary>
    /// <param name="project">Name of the project, a DNS label.</param>
    /// <param name="names">The networks.</param>
    /// <param name="root">Root of the host's files.</param>
    /// <param name="clock">For leases that have ended.</param>
    /// <exception cref="IOException">One does not run, is not defined, or makes no bridge of its own.</exception>
    public static AdoptionSource OfLibvirt(string project, IReadOnlyList<string> names, string root, TimeProvider clock)
    {
        using var route = new RouteSocket();
        var files = new LibvirtFiles(root);
        var running = names.Select(n => Running(n, files, route, clock.GetUtcNow())).ToList();
        var imported = Adopter.Libvirt(project, running);
        var byFile = names.ToDictionary(files.Status);
        return new(imported, imported.Project.Networks.ToDictionary(n => n.Name, n => byFile[n.At.File]));
    }

    /// <summary>Reads a bridge that is not libvirt's.</summary>
    /// <param name="project">Name of the project, a DNS label.</param>
    /// <param name="name">The bridge.</param>
    /// <param name="uplink">Its port to the outside; null for the one that is a NIC, bond or VLAN.</param>
    /// <exception cref="IOException">There is no such bridge, or it has no such port.</exception>
    public static AdoptionSource OfBridge(string project, string name, string? uplink)
    {
        using var route = new RouteSocket();
        if (route.Link(name) is not { Kind: "bridge" } link || BridgeSettings.Read(link, "", "") is not { } bridge) throw new IOException($"take {name} over: there is no bridge of that name; 'ip link show type bridge' lists them");
        ImmutableArray<IpPrefix> addresses = [.. route.Addresses(link.Index).Where(a => !a.Address.IsIPv6LinkLocal && a.Peer is null).Select(a => new IpPrefix(a.Address, a.PrefixLength))];
        return new(Adopter.Bridge(project, new(name, bridge.Mtu, bridge.Stp.Enabled, Uplink(route, link, uplink), addresses)), NoneOfLibvirt);
    }

    private static RunningNetwork Running(string name, LibvirtFiles files, RouteSocket route, DateTimeOffset now)
    {
        if (!LibvirtFiles.IsName(name)) throw new IOException($"'{name}' is no name of a network of libvirt");
        if (LibvirtFiles.Text(files.Definition(name)) is null) throw new IOException($"take libvirt's network {name} over: it is not defined, or for a while only; 'virsh net-list --all --persistent' lists those that are");
        if (LibvirtFiles.Text(files.Status(name)) is not { } status) throw new IOException($"take libvirt's network {name} over: it does not run; 'weft import libvirt --live' makes a file of it");
        if (LibvirtXml.BridgeOfStatus(status) is not { } bridge || route.Link(bridge) is not { Kind: "bridge" } link) throw new IOException($"take libvirt's network {name} over: it has no bridge");
        var leases = LibvirtLeases.Read(LibvirtFiles.Text(files.Leases(bridge)) ?? "", now);
        return new(new ImportSource(files.Status(name), status), link.Mtu, leases);
    }

    // Taps and veths are machines'.
    private static string? Uplink(RouteSocket route, LinkInfo bridge, string? named)
    {
        var ports = route.Links(bridge.Index);
        if (named is not null) return ports.Any(p => p.Name == named) ? named : throw new IOException($"take {bridge.Name} over: {named} is no port of it; it has {(ports.Count == 0 ? "none" : string.Join(", ", ports.Select(p => p.Name)))}");
        var outer = ports.Where(p => p.ParentDevice is not null || p.Kind is "bond" or "vlan").Select(p => p.Name).ToList();
        return outer.Count <= 1 ? outer.FirstOrDefault() : throw new IOException($"take {bridge.Name} over: {string.Join(" and ", outer)} lead out of it, and a network has one uplink; say which with --uplink");
    }
}
