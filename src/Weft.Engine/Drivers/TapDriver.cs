using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;
using Weft.Linux.Tap;

namespace Weft.Engine.Drivers;

/// <summary>
/// Taps of machines. A new tap is kept by a handle until it has its tag, so that a crash leaves none behind that nobody knows; it comes up in a
/// send of its own, after all its settings were taken, so that a port that lacks one carries nothing.
/// </summary>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class TapDriver(RouteSocket route) : IDriver
{
    private const string Kind = "tun";
    // Handles open at a time: well below the 1,024 that a process may have by default.
    private const int Handles = 256;

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Tap];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        var taps = OwnLinks.InScope(links, scope, ResourceKind.Tap, Kind).ToList();
        if (scope.Keys is null) links.OfKind("bridge");
        var vlans = Vlans(taps.Count);
        return [.. taps.Select(t => TapSettings.Read(t, links.Find(t.MasterIndex), vlans)).OfType<Resource>()];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var run in OwnLinks.EachNameOnce(steps))
        {
            var links = new LinkTable(route).Want(run.Count);
            foreach (var part in run.Chunk(Handles)) Apply(part, links);
        }
    }

    private void Apply(Step[] steps, LinkTable links)
    {
        var replaced = Replaced(steps, links);
        var (made, tags) = (new List<TapDevice>(), new LinkChanges(route));
        try
        {
            foreach (var step in steps)
            {
                if (step.After is not TapResource wanted) continue;
                _ = Bridge(wanted, links);
                var there = replaced.Contains(wanted.Name) ? null : OwnLinks.ForMaking(links, step, Kind);
                if (there is null) made.Add(TapDevice.OpenNew(wanted.Name, wanted.MultiQueue));
                Tag(tags.Batch, there, wanted, links);
            }
            tags.Execute();
            foreach (var tap in made) tap.Persist();
        }
        finally
        {
            foreach (var tap in made) tap.Dispose();
        }
        Set(steps, links, [.. made.Select(t => t.Name)]);
    }

    // The number of queues is chosen when a tap is made: another one is another tap.
    private HashSet<string> Replaced(Step[] steps, LinkTable links)
    {
        var (names, changes) = (new HashSet<string>(), new LinkChanges(route));
        foreach (var step in steps)
        {
            if (step.After is not TapResource wanted || OwnLinks.ForMaking(links, step, Kind) is not { } there || there.Tun?.MultiQueue == wanted.MultiQueue) continue;
            changes.Delete(there);
            names.Add(wanted.Name);
        }
        changes.Execute();
        return names;
    }

    // Without addresses of its own a port sends nothing to the machine that nobody asked for.
    private static void Tag(RouteBatch batch, LinkInfo? there, TapResource wanted, LinkTable links)
    {
        var alias = LinkTag.Of(wanted).ToString();
        if (there?.Alias == alias) return;
        var mode = there is null && links.Find("lo")?.AddrGenMode is not null ? AddrGenMode.None : (AddrGenMode?)null;
        batch.SetLink(wanted.Name, new LinkSettings { Alias = alias, AddrGenMode = mode });
    }

    private void Set(Step[] steps, LinkTable links, HashSet<string> made)
    {
        var (changes, ups, vlans) = (new LinkChanges(route), new LinkChanges(route), Vlans(steps.Length));
        foreach (var step in steps)
        {
            if (step.After is not TapResource wanted)
            {
                if (OwnLinks.ForDeleting(links, step.Before!, Kind) is { } gone) changes.Delete(gone);
                continue;
            }
            var there = made.Contains(wanted.Name) ? New(wanted) : links.Find(wanted.Name)!;
            if (TapSettings.Change(changes.Batch, there, wanted, Bridge(wanted, links), vlans)) ups.Batch.SetLink(there, new LinkSettings { Up = true });
        }
        changes.Execute();
        ups.Execute();
    }

    // VLANs are set by index; all else also by name.
    private LinkInfo New(TapResource tap) =>
        tap.Vlans is null ? TapSettings.New(tap.Name) : route.Link(tap.Name) ?? throw new DriverException($"create {tap.Key}", "it was deleted at once", "see who deletes links");

    private static LinkInfo Bridge(TapResource tap, LinkTable links) => links.Find(tap.Bridge)
        ?? throw new DriverException($"make {tap.Name} a port of {tap.Bridge}", $"there is no link {tap.Bridge}", "apply the project again: it was deleted meanwhile");

    // One dump tells the VLANs of all ports; for a few taps among thousands each is asked for by itself.
    private Func<int, IEnumerable<BridgeVlan>> Vlans(int taps)
    {
        if (taps <= LinkTable.Few) return index => route.BridgeVlans(index);
        var all = new Lazy<ILookup<int, BridgeVlan>>(() => route.BridgeVlans().ToLookup(v => v.LinkIndex));
        return index => all.Value[index];
    }
}
