using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Drivers;

/// <summary>
/// Kernel settings under /proc/sys. What one was before Weft changed it is in the store, written before the kernel is changed, and put back when
/// nobody wants Weft's value any more. A setting of a network's own bridge (which only journals of earlier versions name: it is part of the bridge's
/// record) is not kept: it goes with the bridge, and while that stays it becomes the host's default.
/// </summary>
/// <param name="store">Where the values from before are kept.</param>
/// <param name="route">A socket in the target network namespace: tells Weft's own links.</param>
public sealed class SysctlDriver(ISysctlStore store, RouteSocket route) : IDriver
{
    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Sysctl];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var keys = scope.Names(ResourceKind.Sysctl);
        if (keys is { Count: 0 }) yield break;
        foreach (var e in store.All())
            if ((keys is null || keys.Contains(e.Path)) && Sysctl.TryRead(e.Path) is { } value)
                yield return new SysctlResource(e.Owner, e.Network, e.Path, value);
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        if (steps.Count == 0) return;
        var rows = store.All().ToDictionary(e => e.Path);
        var links = new LinkTable(route).Want(steps.Select(s => SysctlPath.LinkOf(s.Key.Name)).Distinct().Count());
        var entries = new Dictionary<string, SysctlEntry>();
        foreach (var step in steps)
            if (step.After is SysctlResource r && !GoesWithItsLink(r, links)) entries[r.Path] = Entry(r, entries.GetValueOrDefault(r.Path) ?? rows.GetValueOrDefault(r.Path));
        if (entries.Count > 0) store.Put(entries.Values);
        foreach (var step in steps)
        {
            if (step.After is SysctlResource r) Sysctl.Set(r.Path, r.Value);
            else if ((entries.GetValueOrDefault(step.Key.Name) ?? rows.GetValueOrDefault(step.Key.Name)) is { } row) PutBack(row.Path, row.Original);
            else if (GoesWithItsLink((SysctlResource)step.Before!, links)) PutBack(step.Key.Name, Sysctl.TryRead(SysctlPath.DefaultOf(step.Key.Name)));
        }
        var last = steps.GroupBy(s => s.Key.Name).Select(g => g.Last()).Where(s => s.After is null).Select(s => s.Key.Name).ToList();
        if (last.Count > 0) store.Remove(last);
    }

    /// <summary>Forgets what was before where the setting itself is gone, with its link or module: when it comes again it begins anew.</summary>
    public void Forget()
    {
        var gone = store.All().Select(e => e.Path).Where(p => !Sysctl.Exists(p)).ToList();
        if (gone.Count > 0) store.Remove(gone);
    }

    private static SysctlEntry Entry(SysctlResource r, SysctlEntry? row)
    {
        if (row is not null) return row with { Owner = r.Owner, Network = r.Network, Value = r.Value };
        var value = Sysctl.TryRead(r.Path)
            ?? throw new DriverException($"set {r.Path} to {r.Value}", "this kernel has no such setting", "see whether its module is loaded and its link is there");
        return new(r.Path, r.Owner, r.Network, r.Value, value);
    }

    private static bool GoesWithItsLink(SysctlResource r, LinkTable links) =>
        SysctlPath.LinkOf(r.Path) is { } name && LinkTag.TryParse(links.Find(name)?.Alias, out var tag) && tag.Owner == r.Owner;

    private static void PutBack(string path, string? value)
    {
        if (value is not null && Sysctl.Exists(path)) Sysctl.Set(path, value); // else gone with its link or module
    }
}
