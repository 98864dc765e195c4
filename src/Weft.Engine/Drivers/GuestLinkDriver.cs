using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>Links that hypervisors put on Weft's bridges. They are tagged and their ports set; they are never made, deleted or switched.</summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class GuestLinkDriver(RouteSocket route) : IDriver
{
    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.GuestLink];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = new LinkTable(route);
        var found = scope.Names(ResourceKind.GuestLink) is { } names
            ? names.Select(n => links.Find(n)).OfType<LinkInfo>().Where(l => names.Contains(l.Name))
            : route.Links();
        return [.. found.Select(l => Record(l, links)).OfType<Resource>()];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var run in OwnLinks.EachNameOnce(steps))
        {
            var (links, changes) = (new LinkTable(route).Want(run.Count), new LinkChanges(route));
            foreach (var step in run)
            {
                if (step.After is GuestLinkResource wanted) Set(changes.Batch, wanted, step.Before, links);
                else changes.Remove(batch => Release(batch, (GuestLinkResource)step.Before!, links));
            }
            changes.Execute();
        }
    }

    private GuestLinkResource? Record(LinkInfo link, LinkTable links)
    {
        if (!LinkTag.TryParse(link.Alias, out var tag) || !tag.Guest) return null;
        var bridge = links.Find(link.MasterIndex);
        return new GuestLinkResource(tag.Owner, tag.Network, link.Name, bridge?.Name ?? "", tag.Machine!)
        {
            Isolated = link.Port?.Isolated ?? false,
            Hairpin = link.Port?.Hairpin ?? false,
            BpduGuard = link.Port?.Guard ?? false,
            Cost = (int?)link.Port?.Cost,
            Floods = link.Port is not { UnicastFlood: false } and not { MulticastFlood: false } and not { BroadcastFlood: false },
            Vlans = bridge?.Bridge?.VlanFiltering == true ? PortVlanChanges.Read(route.BridgeVlans(link.Index)) : null,
        };
    }

    private void Set(RouteBatch batch, GuestLinkResource r, Resource? before, LinkTable links)
    {
        var operation = $"set up {r.Key}";
        var link = links.Find(r.Name) is { } l && l.Name == r.Name ? l : throw new DriverException(operation, "there is no such link any more", "its hypervisor took it away");
        if (links.Find(r.Bridge) is not { } bridge || link.MasterIndex != bridge.Index) throw new DriverException(operation, $"it is no port of {r.Bridge}", "its hypervisor decides where it is");
        if (LinkTag.TryParse(link.Alias, out var tag) && (!tag.Guest || (tag.Owner != r.Owner && tag.Owner != before?.Owner)))
            throw new DriverException(operation, $"it belongs to network {tag.Network} of project {tag.Owner}", "see 'weft show ports'");
        var alias = LinkTag.Of(r).ToString();
        var settings = new LinkSettings { Alias = link.Alias == alias ? null : alias, Port = Options(r, link.Port ?? new BridgePortOptions()) };
        if (settings != new LinkSettings()) batch.SetLink(link, settings);
        if (r.Vlans is { } vlans) PortVlanChanges.Set(batch.Know(link.Index, link.Name), link.Index, route.BridgeVlans(link.Index), vlans);
    }

    // What it was on the bridge is given back, but for one thing: nobody it is, so nothing is sent to it.
    private static void Release(RouteBatch batch, GuestLinkResource r, LinkTable links)
    {
        if (links.Find(r.Name) is not { } link || link.Name != r.Name || !LinkTag.TryParse(link.Alias, out var tag) || !tag.Guest || tag.Owner != r.Owner) return;
        var settings = new LinkSettings { Alias = "" };
        var stranger = r with { Isolated = false, Hairpin = false, BpduGuard = false, Cost = null, Floods = false };
        batch.SetLink(link, link.Port is { } port ? settings with { Port = Options(stranger, port) } : settings);
    }

    private static BridgePortOptions? Options(GuestLinkResource r, BridgePortOptions t)
    {
        static bool? To(bool wanted, bool? there, bool without) => wanted == (there ?? without) ? null : wanted;
        var options = new BridgePortOptions
        {
            Isolated = To(r.Isolated, t.Isolated, false),
            Hairpin = To(r.Hairpin, t.Hairpin, false),
            Guard = To(r.BpduGuard, t.Guard, false),
            Cost = r.Cost is { } cost && cost != t.Cost ? (uint)cost : null,
            UnicastFlood = To(r.Floods, t.UnicastFlood, true),
            MulticastFlood = To(r.Floods, t.MulticastFlood, true),
            BroadcastFlood = To(r.Floods, t.BroadcastFlood, true),
        };
        return options == new BridgePortOptions() ? null : options;
    }
}
