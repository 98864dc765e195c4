using System.Collections.Immutable;
using Weft.Daemon.Security;
using Weft.Engine.Documents;
using Weft.Engine.Metrics;

namespace Weft.Daemon.Endpoints;

/// <summary>What a caller who has business with some projects only gets to see of a document.</summary>
internal static class Sight
{
    internal static ShowDocument Of(Caller caller, ShowDocument d) => caller.Projects is null ? d : d with
    {
        Networks = Seen(d.Networks, n => caller.Sees(n.Project)),
        Ports = Seen(d.Ports, p => caller.Sees(p.Project)),
        Leases = Seen(d.Leases, l => l.Project is { } p && caller.Sees(p)),
        Addresses = Seen(d.Addresses, a => caller.Sees(a.Project)),
        Forwards = Seen(d.Forwards, f => caller.Sees(f.Project)),
        Open = Of(caller, d.Open),
    };

    internal static OpenDocument? Of(Caller caller, OpenDocument? open) => open is not null && caller.Sees(open.Project) ? open : null;

    internal static RepairDocument? Of(Caller caller, RepairDocument? repair) => repair is not null && caller.Sees(repair.Project) ? repair : null;

    internal static PortsDocument Of(Caller caller, PortsDocument d) => d with { Ports = [.. d.Ports.Where(p => caller.Sees(p.Project))], Open = Of(caller, d.Open) };

    // What is counted for the whole host tells of other projects too.
    internal static MetricsSnapshot Of(Caller caller, MetricsSnapshot s) => caller.Projects is null ? s : new(s.At)
    {
        Networks = [.. s.Networks.Where(n => caller.Sees(n.Project))],
        Uplinks = [.. s.Uplinks.Where(u => caller.Sees(u.Project))],
        Ports = [.. s.Ports.Where(p => caller.Sees(p.Project))],
        Forwards = [.. s.Forwards.Where(f => caller.Sees(f.Project))],
        Subnets = [.. s.Subnets.Where(n => caller.Sees(n.Project))],
        Changes = [.. s.Changes.Where(c => caller.Sees(c.Project))],
        Sources = s.Sources,
        Version = s.Version,
    };

    private static ImmutableArray<T>? Seen<T>(ImmutableArray<T>? items, Func<T, bool> sees) => items is { } all ? [.. all.Where(sees)] : null;
}
