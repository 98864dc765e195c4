using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// Static entries in the forwarding databases of Weft's bridges. The kernel keeps no word on who made one: all that are on a bridge of Weft's are
/// that network's.
/// </summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class FdbDriver(RouteSocket route) : IDriver
{
    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Fdb];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        if (scope.Names(ResourceKind.Fdb) is not { } names) return [.. WithoutCopies(Read(route.Fdb(), links))];
        var ports = names.Select(n => n[..n.IndexOf(' ', StringComparison.Ordinal)]).Distinct().ToList();
        var entries = ports.Count > LinkTable.Few ? route.Fdb() : ports.Select(p => links.Find(p)).OfType<LinkInfo>().SelectMany(l => route.Fdb(portIndex: l.Index));
        return [.. Read(entries, links).Where(f => names.Contains(f.Key.Name))];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        var (links, changes) = (new LinkTable(route).Want(steps.Count), new LinkChanges(route));
        foreach (var step in steps)
        {
            if (step.After is FdbResource wanted) changes.Batch.ReplaceFdb(Entry(wanted, OwnPort(step, links, changes)!));
            else if (step.Before is FdbResource gone && OwnPort(step, links, changes) is { } port) changes.Remove(b => b.DelFdb(Entry(gone, port)));
        }
        changes.Execute();
    }

    private static FdbEntry Entry(FdbResource r, LinkInfo port) => new() { LinkIndex = port.Index, Mac = r.Mac.ToLinux(), Vlan = (ushort?)r.Vlan };

    /// <summary>The port, when it is one of a bridge of the entry's owner; else null for an entry that is to go, which is gone then.</summary>
    private static LinkInfo? OwnPort(Step step, LinkTable links, LinkChanges changes)
    {
        var r = (FdbResource)(step.After ?? step.Before)!;
        var port = links.Find(r.Port);
        if (port is not null && links.TagOf(port.MasterIndex) is { } tag && tag.Owner == r.Owner)
        {
            changes.Batch.Know(port.Index, port.Name);
            return port;
        }
        if (step.After is null) return null;
        var why = port is null ? $"there is no link {r.Port}" : $"{r.Port} is no port of a bridge of network {r.Network} of project {r.Owner}";
        throw new DriverException($"add FDB entry {r.Mac} of {r.Port}", why, "name a port of the network's bridge, 'uplink' or a machine");
    }

    private static IEnumerable<FdbResource> Read(IEnumerable<FdbEntry> entries, LinkTable links)
    {
        foreach (var e in entries)
            if (e.State == NeighbourState.NoArp && e.MasterIndex != 0 && links.TagOf(e.MasterIndex) is { } tag && links.Find(e.LinkIndex) is { } port)
                yield return new FdbResource(tag.Owner, tag.Network, port.Name, e.Mac.ToCore(), e.Vlan);
    }

    // Of an entry without a VLAN the kernel makes one more for each VLAN of the port (br_fdb_add of net/bridge/br_fdb.c).
    private static IEnumerable<FdbResource> WithoutCopies(IEnumerable<FdbResource> entries)
    {
        var all = entries.ToList();
        var plain = all.Where(f => f.Vlan is null).Select(f => (f.Port, f.Mac)).ToHashSet();
        return all.Where(f => f.Vlan is null || !plain.Contains((f.Port, f.Mac)));
    }
}
