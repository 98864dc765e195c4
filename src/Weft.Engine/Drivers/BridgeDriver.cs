using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>Bridges: Weft's are those whose alias is a <see cref="LinkTag"/>.</summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class BridgeDriver(RouteSocket route) : IDriver
{
    private const string Kind = "bridge";
    private readonly Dictionary<string, BridgeResource> _changed = [];

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
            foreach (var step in part) SetIp(step, links, ip);
        }
    }

    /// <summary>What is said of a bridge that was there holds also when a NIC that became its port has brought its own settings meanwhile.</summary>
    public void Finish()
    {
        foreach (var wanted in _changed.Values)
        {
            if (OwnLinks.ForMaking(new LinkTable(route), new Step(null, wanted, ""), Kind) is not { } there) continue;
            if (wanted.Ip.Ipv4Forwarding is { } forwarding && forwarding != there.Ipv4Forwarding)
                route.Execute(new RouteBatch().SetLink(there, new LinkSettings { Ipv4Forwarding = forwarding }));
            new BridgeIpSettings().Set(wanted, there);
        }
        _changed.Clear();
    }

    private void SetIp(Step step, LinkTable links, BridgeIpSettings ip)
    {
        _changed.Remove(step.Key.Name);
        if (step.After is not BridgeResource wanted) return;
        var before = links.Find(wanted.Name);
        if (before is null && wanted.IsForeign) return; // its owner's to make
        ip.Set(wanted, before);
        if (before is not null) _changed[wanted.Name] = wanted;
    }

    private static void Add(Step step, LinkTable links, LinkChanges changes)
    {
        if (step.After is not BridgeResource wanted)
        {
            if (OwnLinks.ForDeleting(links, step.Before!, Kind) is { } gone) changes.Delete(gone);
        }
        else if (OwnLinks.ForMaking(links, step, Kind) is { } there) BridgeSettings.Change(changes.Batch, there, wanted);
        else if (!wanted.IsForeign) BridgeSettings.Create(changes.Batch, wanted, HasIpv6(links));
    }

    // The loopback link has IPv6 wherever the kernel has it.
    private static bool HasIpv6(LinkTable links) => links.Find("lo")?.AddrGenMode is not null;
}
