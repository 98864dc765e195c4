using System.Net.Sockets;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// Routes that Weft makes: their protocol says so, and the tag of the link they leave by says whose they are. Those over links of others serve
/// all projects.
/// </summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class RouteDriver(RouteSocket route) : IDriver
{
    // What IPv6 makes of no metric (IP6_RT_PRIO_USER of net/ip6_route.h).
    private const uint Ipv6Default = 1024;
    private const byte ScopeUniverse = 0, ScopeLink = 253;

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Route];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        var names = scope.Names(ResourceKind.Route);
        if (names is { Count: 0 }) return [];
        return [.. Ours().Select(r => Read(r, links)).OfType<RouteResource>().Where(r => names is null || names.Contains(r.Key.Name))];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var run in OwnLinks.EachNameOnce(steps))
        {
            var (links, changes) = (new LinkTable(route), new LinkChanges(route));
            var there = Ours().Select(r => (Info: r, Record: Read(r, links))).Where(r => r.Record is not null).ToLookup(r => r.Record!.Key, r => r.Info);
            foreach (var step in run)
            {
                var wanted = step.After is RouteResource r ? Wanted(r, links) : null;
                var found = there[step.Key].ToList();
                if (wanted is not null && found is [var same] && same.Gateway?.ToString() == wanted.Gateway?.ToString()) continue;
                // Not replaced in one message: that could hit one of the administrator's with the same destination and metric.
                foreach (var old in found) changes.Remove(b => b.DelRoute(old));
                if (wanted is not null) changes.Batch.Know(wanted.OutLink, ((RouteResource)step.After!).Link).NewRoute(wanted);
            }
            changes.Execute();
        }
    }

    private IEnumerable<RouteInfo> Ours() => route.Routes(protocol: RouteResource.Protocol).Where(r => r.Protocol == RouteResource.Protocol && r.OutLink != 0);

    private static RouteInfo Wanted(RouteResource r, LinkTable links)
    {
        var operation = $"add route {r.Destination} over {r.Link}";
        var link = links.Find(r.Link) ?? throw new DriverException(operation, $"there is no link {r.Link}", "apply the project again: it was deleted meanwhile");
        if (OwnerOf(link) is var (owner, network) && (owner, network) != (r.Owner, r.Network))
            throw new DriverException(operation, $"{r.Link} is not of network {r.Network} of project {r.Owner}", "a network's routes leave by its own links");
        return new RouteInfo
        {
            Family = r.Destination.IsV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            Destination = r.Destination.ToLinux(),
            OutLink = link.Index,
            Gateway = r.Gateway,
            Table = (uint)r.Table,
            Metric = (uint)r.Metric,
            Protocol = RouteResource.Protocol,
            Scope = r.Destination.IsV4 && r.Gateway is null ? ScopeLink : ScopeUniverse,
        };
    }

    private static RouteResource? Read(RouteInfo r, LinkTable links)
    {
        if (links.Find(r.OutLink) is not { } link) return null;
        var (owner, network) = OwnerOf(link);
        var metric = r.Family == AddressFamily.InterNetworkV6 && r.Metric == Ipv6Default ? 0 : r.Metric;
        return new RouteResource(owner, network, r.Destination.ToCore(), link.Name, r.Gateway, (int)r.Table, (int)metric);
    }

    private static (string Owner, string Network) OwnerOf(LinkInfo link) =>
        LinkTag.TryParse(link.Alias, out var tag) ? (tag.Owner, tag.Network) : (Resource.Shared, "");
}
