using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Import.Libvirt;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Import.Adopt;

/// <summary>A libvirt network that runs.</summary>
/// <param name="Source">Its state (networkstatus) or XML.</param>
/// <param name="Mtu">MTU of its bridge in bytes.</param>
/// <param name="Leases">What its DHCP server has given out.</param>
public sealed record RunningNetwork(ImportSource Source, int Mtu, IReadOnlyList<GivenLease> Leases);

/// <summary>A bridge that somebody made by hand, as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="Stp">Spanning tree runs on it.</param>
/// <param name="Uplink">Its port to the outside; null for none.</param>
/// <param name="Addresses">The host's addresses on it, without link-local ones.</param>
public sealed record RunningBridge(string Name, int Mtu, bool Stp, string? Uplink, ImmutableArray<IpPrefix> Addresses);

/// <summary>
/// Makes the project of networks that are taken over while they carry traffic: as an import, but so that nothing of what runs is changed. Machines that nobody declares go on
/// (default_port: allow), addresses that DHCP has given stay with their machines, and the MTU is the bridge's.
/// </summary>
public static class Adopter
{
    private const string Passing = "links of machines that are not declared carry all, as they did: default_port: guard or block when all are known";

    /// <summary>A project of libvirt's networks.</summary>
    /// <param name="project">Its name, a DNS label.</param>
    /// <param name="running">The networks.</param>
    public static Imported Libvirt(string project, IReadOnlyList<RunningNetwork> running)
    {
        var imported = LibvirtImporter.Keeping(project, running.Select(r => r.Source));
        var (networks, machines, findings) = (imported.Project.Networks, imported.Project.Machines.ToList(), imported.Findings.ToList());
        foreach (var r in running)
        {
            var at = networks.FirstOrDefault(n => n.At.File == r.Source.File);
            if (at is null) continue;
            networks = networks.Replace(at, at with { DefaultPort = DefaultPort.Allow, Mtu = at.Mtu ?? r.Mtu });
            findings.Add(new(at.Name, new Diagnostic(ImportCodes.Note, Severity.Info, Passing, at.At)));
            foreach (var lease in r.Leases.Where(l => at.Subnets.Any(s => s.Prefix.Contains(l.Address)))) Reserve(lease, at, machines);
        }
        return new(imported.Project with { Networks = networks, Machines = [.. machines] }, [.. findings]);
    }

    /// <summary>A project of one bridge.</summary>
    /// <param name="project">Its name, a DNS label.</param>
    /// <param name="running">The bridge.</param>
    public static Imported Bridge(string project, RunningBridge running)
    {
        var at = new Location(running.Name, 1, 1);
        var notes = new Notes($"bridge {running.Name}");
        var bridge = new HostBridge(running.Name, at, notes) { Stp = running.Stp, Uplink = running.Uplink is { } nic ? new UplinkSpec(nic) { At = at } : null };
        bridge.Set("MTU", running.Mtu, at);
        // Over an uplink they are the host's on its LAN, and stay on the bridge as they are.
        if (running.Uplink is null) bridge.Addresses.AddRange(running.Addresses.Select(a => (a, at)));
        var draft = bridge.Build();
        notes.Say(at, Passing);
        return new Assembler(project, new Notes("")).Assemble([draft with { Network = draft.Network with { DefaultPort = DefaultPort.Allow } }]);
    }

    // One machine has the addresses of one MAC; what the network reserves for others is not given twice.
    private static void Reserve(GivenLease lease, NetworkSpec network, List<MachineSpec> machines)
    {
        bool On(PortSpec p) => p.Network == network.Name;
        if (machines.Any(m => m.Ports.Any(p => On(p) && p.Addresses.Contains(lease.Address)))) return;
        var known = machines.FindIndex(m => m.Ports.Any(p => On(p) && p.Mac == lease.Mac));
        if (known >= 0)
        {
            var subnet = network.Subnets.First(s => s.Prefix.Contains(lease.Address)).Prefix;
            machines[known] = machines[known] with { Ports = [.. machines[known].Ports.Select(p => On(p) && p.Mac == lease.Mac && !p.Addresses.Any(subnet.Contains) ? p with { Addresses = p.Addresses.Add(lease.Address) } : p)] };
            return;
        }
        var name = Labels.Of(lease.Name?.Split('.')[0] ?? "") is { Length: > 0 } said ? said : $"host-{Labels.Of(lease.Address.ToString())}";
        machines.Add(new(Labels.Free(name, n => machines.Exists(m => m.Name == n)), [new PortSpec(network.Name) { At = network.At, Mac = lease.Mac, Addresses = [lease.Address] }]) { At = network.At });
    }
}
