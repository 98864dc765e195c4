using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Engine.Dhcp;
using Weft.Engine.Status;
using Weft.Linux.Route;

namespace Weft.Engine.Metrics;

/// <summary>Figures of what was given out, from one dump of the links.</summary>
/// <param name="given">What was given out.</param>
/// <param name="links">All links, by name.</param>
internal sealed class LinkFigures(AllocationState given, Dictionary<string, LinkInfo> links)
{
    private readonly ImmutableArray<PortStatus> _ports = HostStatus.PortsOf(given, links, seen: null);

    internal ImmutableArray<NetworkFigures> Networks(IReadOnlyList<DhcpLease>? leases)
    {
        var ports = _ports.ToLookup(p => (p.Declared.Project, p.Declared.Network));
        var held = leases?.CountBy(l => l.Link).ToDictionary();
        return [.. HostStatus.InOrder(given.Networks).Select(n => new NetworkFigures(n.Project, n.Network, n.Mode, n.Bridge, HostStatus.StateOf(Link(n.Bridge)),
            ports[(n.Project, n.Network)].Count(), ports[(n.Project, n.Network)].Count(p => p.State == "up"), held?.GetValueOrDefault(n.Bridge), Link(n.Bridge)?.Statistics))];
    }

    internal ImmutableArray<UplinkFigures> Uplinks() => [.. HostStatus.InOrder(given.Networks).SelectMany(n => n.Uplinks, (n, u) => new UplinkFigures(n.Project, n.Network, u, Link(u)?.Carrier ?? false, Link(u)?.Statistics))];

    // A tap of which nothing was dropped is not among the spoofers.
    internal ImmutableArray<PortFigures> Ports(IReadOnlyDictionary<string, PacketCount>? spoofers) => [.. _ports.Select(p => new PortFigures(
        p.Declared.Project, p.Declared.Network, p.Declared.Machine, p.Declared.Port, p.State, Link(p.Declared.Port)?.Statistics, spoofers?.GetValueOrDefault(p.Declared.Port)))];

    private LinkInfo? Link(string name) => links.GetValueOrDefault(name);
}
