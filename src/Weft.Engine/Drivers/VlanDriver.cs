using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>VLAN links over NICs (802.1Q).</summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class VlanDriver(RouteSocket route) : IDriver
{
    private const string Kind = "vlan";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Vlan];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        return [.. OwnLinks.InScope(links, scope, ResourceKind.Vlan, Kind).Select(l => Read(l, links)).OfType<Resource>()];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var run in OwnLinks.EachNameOnce(steps))
        {
            var (links, changes) = (new LinkTable(route).Want(run.Count), new LinkChanges(route));
            foreach (var step in run) Add(step, links, changes);
            changes.Execute();
        }
    }

    private static VlanResource? Read(LinkInfo link, LinkTable links) =>
        link.VlanId is { } id && LinkTag.TryParse(link.Alias, out var tag)
            ? new VlanResource(tag.Owner, tag.Network, link.Name, links.Find(link.LinkIndex)?.Name ?? "", id) { Mtu = link.Mtu, Up = link.IsUp }
            : null;

    private static void Add(Step step, LinkTable links, LinkChanges changes)
    {
        if (step.After is not VlanResource wanted)
        {
            if (OwnLinks.ForDeleting(links, step.Before!, Kind) is { } gone) changes.Delete(gone);
            return;
        }
        var there = OwnLinks.ForMaking(links, step, Kind);
        var parent = links.Find(wanted.Parent) ?? throw new DriverException($"create {wanted.Key}", $"there is no link {wanted.Parent}", "see whether the NIC was renamed or taken out");
        if (there is not null && there.LinkIndex == parent.Index && there.VlanId == wanted.Id) Change(changes.Batch, there, wanted);
        else Create(changes.Batch, there, parent, wanted);
    }

    private static void Create(RouteBatch batch, LinkInfo? instead, LinkInfo parent, VlanResource r)
    {
        if (instead is not null) batch.DelLink(instead); // parent and identifier are for life
        batch.NewVlan(r.Name, parent.Index, (ushort)r.Id, 0, new LinkSettings { Mtu = r.Mtu, Alias = LinkTag.Of(r).ToString() });
        if (r.Up) batch.SetLink(r.Name, new LinkSettings { Up = true });
    }

    private static void Change(RouteBatch batch, LinkInfo there, VlanResource r)
    {
        var alias = LinkTag.Of(r).ToString();
        var settings = new LinkSettings
        {
            Alias = there.Alias == alias ? null : alias,
            Mtu = r.Mtu is null || there.Mtu == r.Mtu ? null : r.Mtu,
            Up = there.IsUp == r.Up ? null : r.Up,
        };
        if (settings != new LinkSettings()) batch.SetLink(there, settings);
    }
}
