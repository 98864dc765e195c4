using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Reconcile;

/// <summary>
/// The links that concern somebody as they were last told: whose they are, and what of them somebody may have set. The kernel tells of a link whenever anything
/// of it changes, its carrier foremost; a machine that starts is no drift.
/// </summary>
internal sealed class LinkRegister(RouteSocket route)
{
    private sealed record Entry(LinkInfo Link, ValueList<BridgeVlan> Vlans)
    {
        private readonly LinkTag? _tag = LinkTag.TryParse(Link.Alias, out var tag) ? tag : null;

        public string? Owner => _tag?.Owner;

        public PortLink? Port => _tag is { Machine: not null } ? new(Link.Name, _tag) : null;
    }

    private readonly Dictionary<int, Entry> _byIndex = [];

    /// <summary>Whether links that have settings of Weft's came since this was asked last: those are new too.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Reads all links anew.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Reload(Interests interests)
    {
        _byIndex.Clear();
        var vlans = route.BridgeVlans().ToLookup(v => v.LinkIndex);
        foreach (var link in route.Links().Where(l => LinkTag.IsOurs(l.Alias) || interests.Uplinks.Contains(l.Name)))
            _byIndex[link.Index] = new Entry(Settings(link), [.. vlans[link.Index]]);
        HasNew = true;
    }

    /// <summary>That new links were taken note of.</summary>
    public void Seen() => HasNew = false;

    /// <summary>The projects that a notice concerns, and the port's link that it is about if it is about no more.</summary>
    public IEnumerable<(string Project, PortLink? Port)> Concerned(RouteNotice notice, Interests interests) => notice.Kind switch
    {
        RouteNoticeKind.Link => notice.Link is { } link ? OfLink(link, notice.Gone, interests) : [],
        RouteNoticeKind.Port => OfPort(notice, interests),
        RouteNoticeKind.Setting when notice.LinkIndex < 0 => All(interests),
        RouteNoticeKind.Route when notice is { Protocol: RouteResource.Protocol, Gone: true } => Of(notice.LinkIndex, interests, orAll: true),
        RouteNoticeKind.Fdb => notice.Fdb is { } e && (interests.Fdb.Contains(e.Mac.ToString()) || e.State == NeighbourState.NoArp) ? Of(e.MasterIndex, interests) : [],
        // On a link of Weft's only what Weft made matters, and only when it goes; on an uplink also what came: it ought to be on the bridge.
        _ when _byIndex.GetValueOrDefault(notice.LinkIndex) is { Owner: not null } => notice.Kind == RouteNoticeKind.Setting || (notice is { Kind: RouteNoticeKind.Address, Gone: true }) ? Of(notice.LinkIndex, interests) : [],
        _ => Of(notice.LinkIndex, interests),
    };

    private IEnumerable<(string Project, PortLink? Port)> OfLink(LinkInfo link, bool gone, Interests interests)
    {
        var before = _byIndex.GetValueOrDefault(link.Index);
        var after = new Entry(Settings(link), before?.Vlans ?? []);
        if (before is null && after.Owner is null && !interests.Uplinks.Contains(link.Name)) return [];
        HasNew |= before is null && interests.Settings.Keys.Any(k => k.Contains($"/{link.Name}/", StringComparison.Ordinal));
        if (gone) _byIndex.Remove(link.Index);
        else _byIndex[link.Index] = after;
        return !gone && before?.Link == after.Link ? [] : Of(before, interests).Union(Of(after, interests));
    }

    private IEnumerable<(string Project, PortLink? Port)> OfPort(RouteNotice notice, Interests interests)
    {
        if (notice.Gone || _byIndex.GetValueOrDefault(notice.LinkIndex) is not { } before) return [];
        var after = before with { Link = notice.Port is { } port ? before.Link with { Port = Settings(port) } : before.Link, Vlans = notice.Vlans };
        if (after == before) return [];
        _byIndex[notice.LinkIndex] = after;
        return Of(after, interests);
    }

    private IEnumerable<(string Project, PortLink? Port)> Of(int index, Interests interests, bool orAll = false) =>
        _byIndex.TryGetValue(index, out var entry) ? Of(entry, interests) : orAll ? All(interests) : [];

    private static IEnumerable<(string Project, PortLink? Port)> Of(Entry? entry, Interests interests) =>
        entry is null ? [] : entry.Owner is { } owner ? [(owner, entry.Port)] : interests.Uplinks[entry.Link.Name].Select(p => (p, (PortLink?)null));

    private static IEnumerable<(string Project, PortLink? Port)> All(Interests interests) => interests.Projects.Select(p => (p, (PortLink?)null));

    // What changes by itself is left out.
    private static LinkInfo Settings(LinkInfo l) => l with
    {
        Statistics = null, OperState = OperState.Unknown, Carrier = false, Flags = l.Flags & LinkFlags.Up,
        Tun = l.Tun is { } t ? t with { Queues = 0, VnetHdr = false, PacketInfo = false } : null,
        Bridge = l.Bridge is { } b ? b with { RootId = null, RootPort = null } : null,
        Port = l.Port is { } p ? Settings(p) : null,
    };

    private static BridgePortOptions Settings(BridgePortOptions p) => p with { State = null };
}
