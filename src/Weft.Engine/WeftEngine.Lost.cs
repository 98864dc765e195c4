using System.Collections.Immutable;
using System.Net;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>
    /// Ports that were made after the copy from which the database was restored: they are on the host and nowhere else, and what they were given is theirs until an apply takes them away. Read
    /// only where there was a restoration, because it grows with all ports. Of one that is held to nothing the host knows nothing.
    /// </summary>
    /// <param name="project">The project.</param>
    private ImmutableArray<PortAllocation> Lost(string project)
    {
        if (Store.RestoredFrom(project) is null) return [];
        var links = _socket.Links().Select(l => (l.Name, Tag: LinkTag.TryParse(l.Alias, out var tag) ? tag : null))
            .Where(l => l.Tag is { Machine: not null } tag && tag.Owner == project && Store.PortsOf(tag).Count == 0).ToList();
        if (links.Count == 0) return [];
        var held = _drivers.Set.Read(ReadScope.All, k => k == ResourceKind.NftElement).Values.OfType<NftElementResource>().Where(e => e.Table == BridgeSets.Table).ToLookup(e => (e.Set, e.Fields[0]));
        return [.. from l in links from mac in held[(BridgeSets.Macs, l.Name)].Take(1) select Lost(l.Name, l.Tag!, mac.Fields[1], [.. held[(BridgeSets.Source4, l.Name)], .. held[(BridgeSets.Source6, l.Name)]])];
    }

    private static PortAllocation Lost(string link, LinkTag tag, string mac, IEnumerable<NftElementResource> sources) =>
        new(tag.Owner, tag.Network, tag.Machine!, 0, link, MacAddress.TryParse(mac, out var read) ? read : default, [.. sources.Select(s => IPAddress.Parse(s.Fields[2]))], default, Declared: false)
        {
            Guest = tag.Guest, Link = tag.Guest ? link : null,
        };

    // A machine whose port is asked for again goes on with what it has. What it may make of its MAC is among its addresses too; what it was given comes first.
    private static PortSpec Again(PortSpec wanted, PortAllocation had, ImmutableArray<IpPrefix> subnets) => wanted with
    {
        Mac = wanted.Mac ?? had.Mac,
        Addresses = wanted.Addresses.IsEmpty ? [.. subnets.SelectMany(s => had.Addresses.Where(s.Contains).OrderBy(a => !s.IsV4 && a.Equals(had.Mac.Eui64(s))).Take(1))] : wanted.Addresses,
    };

    private static AllocationState And(AllocationState state, ImmutableArray<PortAllocation> lost) => state with { Ports = [.. state.Ports, .. lost] };

    private static AllocationState Without(AllocationState state, ImmutableArray<PortAllocation> lost)
    {
        if (lost.IsEmpty) return state;
        var keys = lost.Select(p => (p.Project, p.Network, p.Machine)).ToHashSet();
        return state with { Ports = [.. state.Ports.Where(p => !keys.Contains((p.Project, p.Network, p.Machine)))] };
    }
}
