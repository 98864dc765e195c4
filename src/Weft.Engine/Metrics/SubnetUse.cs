using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Engine.Dhcp;
using Weft.Engine.Store;

namespace Weft.Engine.Metrics;

/// <summary>How full subnets are. A project's file is read once for each revision.</summary>
/// <param name="store">The store.</param>
internal sealed class SubnetUse(WeftStore store)
{
    private readonly Dictionary<string, (long Revision, ProjectSpec? Spec)> _read = [];

    /// <summary>Every subnet of every network.</summary>
    /// <param name="given">What was given out.</param>
    /// <param name="leases">Leases that hold; null when they are not known.</param>
    internal ImmutableArray<SubnetFigures> Of(AllocationState given, IReadOnlyList<DhcpLease>? leases)
    {
        var addresses = given.Ports.ToLookup(p => (p.Project, p.Network), p => p.Addresses);
        var held = leases?.ToLookup(l => l.Link);
        var specs = given.Networks.Select(n => n.Project).Distinct().ToDictionary(p => p, Spec);
        return [.. given.Networks.SelectMany(n => LayoutsOf(n, specs[n.Project]).Select(l => Of(n, l, [.. addresses[(n.Project, n.Network)].SelectMany(a => a)], held?[n.Bridge])))];
    }

    private static SubnetFigures Of(NetworkAllocation n, SubnetLayout layout, List<System.Net.IPAddress> addresses, IEnumerable<DhcpLease>? leases)
    {
        var here = addresses.FindAll(layout.Prefix.Contains);
        var (first, last) = layout.Dynamic is { } d ? (IpPrefix.ToNumber(d.First), IpPrefix.ToNumber(d.Last)) : (UInt128.One, UInt128.Zero);
        return new(n.Project, n.Network, layout.Prefix.ToString(), here.Count, (double)layout.Automatic - here.Count(a => layout.IsAutomatic(IpPrefix.ToNumber(a))), (double)(last + 1 - first),
            leases?.Count(l => layout.Prefix.Contains(l.Address) && IpPrefix.ToNumber(l.Address) is var a && a >= first && a <= last));
    }

    private static ImmutableArray<SubnetLayout> LayoutsOf(NetworkAllocation n, ProjectSpec? project) => project?.Networks.FirstOrDefault(s => s.Name == n.Network) is { } spec ? Layouts.Of(spec, n.Subnets) : [];

    // One that this version cannot read any more tells nothing of its subnets; every verb that acts says so.
    private ProjectSpec? Spec(string project)
    {
        if (store.Sketch(project) is not { } row) return null;
        if (_read.TryGetValue(project, out var known) && known.Revision == row.Revision) return known.Spec;
        var spec = SpecReader.Read(row.File, row.Text, new DiagnosticBag());
        _read[project] = (row.Revision, spec);
        return spec;
    }
}
