using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>Bridges: Weft's are those whose alias is a <see cref="LinkTag"/>.</summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class BridgeDriver(RouteSocket route) : IDriver
{
    private const string Kind = "bridge";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Bridge];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        return [.. OwnLinks.InScope(links, scope, ResourceKind.Bridge, Kind).Select(BridgeSettings.Read).OfType<Resource>()];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        var ip = new BridgeIpSettings();
        foreach (var part in OwnLinks.EachNameOnce(steps))
        {
            var (links, changes) = (new LinkTable(route).Want(part.Count), new LinkChanges(route));
            foreach (var step in part) Add(step, links, changes);
            changes.Execute();
            foreach (var wanted in part.Select(s => s.After).OfType<BridgeResource>()) ip.Set(wanted, links.Find(wanted.Name));
        }
    }

    private static void Add(Step step, LinkTable links, LinkChanges changes)
    {
        if (step.After is not BridgeResource wanted)
        {
            if (OwnLinks.ForDeleting(links, step.Before!, Kind) is { } gone) changes.Delete(gone);
        }
        else if (OwnLinks.ForMaking(links, step, Kind) is { } there) BridgeSettings.Change(changes.Batch, there, wanted);
        else BridgeSettings.Create(changes.Batch, wanted, HasIpv6(links));
    }

    // The loopback link has IPv6 wherever the kernel has it.
    private static bool HasIpv6(LinkTable links) => links.Find("lo")?.AddrGenMode is not null;
}
