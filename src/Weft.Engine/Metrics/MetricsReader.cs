using System.Collections.Immutable;
using System.Globalization;
using Weft.Core.Ipam;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers.Nft;
using Weft.Engine.Store;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Metrics;

/// <summary>
/// Takes snapshots: one dump of links, one of each set that counts, the lease file, the allocations. What one source refuses does not keep the others back.
/// It belongs to the thread of its engine.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="socket">A socket in the namespace.</param>
/// <param name="nft">The driver of the packet policy.</param>
/// <param name="dhcp">Where leases are.</param>
/// <param name="clock">Time.</param>
internal sealed class MetricsReader(WeftStore store, RouteSocket socket, NftDriver nft, DhcpPaths dhcp, TimeProvider clock)
{
    private readonly ChangeCounter _changes = new(store);
    private readonly SubnetUse _subnets = new(store);
    private readonly List<SourceFigures> _sources = [];

    /// <summary>Reads all figures.</summary>
    internal MetricsSnapshot Read()
    {
        _sources.Clear();
        var at = clock.GetUtcNow();
        var given = From("allocations", store.Allocations, AllocationState.Empty);
        var links = From<Dictionary<string, LinkInfo>?>("links", () => socket.Links().ToDictionary(l => l.Name), null);
        var policy = From("policy", () => PolicyFigures.Read(nft), PolicyFigures.None);
        var leases = From<List<DhcpLease>?>("leases", () => [.. DhcpLeases.Read(dhcp).Where(l => l.Expires is null || l.Expires > at)], null);
        var seen = links is null ? null : new LinkFigures(given, links);
        return new(at)
        {
            Networks = seen?.Networks(leases) ?? [],
            Uplinks = seen?.Uplinks() ?? [],
            Ports = seen?.Ports(policy.Spoofers) ?? [],
            Forwards = policy.Forwards,
            Drops = policy.Drops,
            Subnets = From("subnets", () => _subnets.Of(given, leases), []),
            Conntrack = From("conntrack", Conntrack, null),
            Changes = From("history", _changes.Read, []),
            Pending = From("journal", () => store.OpenHead()?.State == JournalState.Pending, false),
            Sources = [.. _sources],
        };
    }

    private T From<T>(string source, Func<T> read, T nothing)
    {
        try
        {
            var result = read();
            _sources.Add(new(source, null));
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _sources.Add(new(source, e.Message));
            return nothing;
        }
    }

    // The kernel's own count costs nothing. To tell networks apart, all connections would have to be listed.
    private static ConntrackFigures? Conntrack() =>
        Sysctl.TryRead("net/netfilter/nf_conntrack_count") is { } count && Sysctl.TryRead("net/netfilter/nf_conntrack_max") is { } limit
            ? new(long.Parse(count, CultureInfo.InvariantCulture), long.Parse(limit, CultureInfo.InvariantCulture)) : null;
}
