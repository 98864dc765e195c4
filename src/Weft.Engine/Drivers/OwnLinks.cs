using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>Tells Weft's own links from those of others, which are never taken over.</summary>
internal static class OwnLinks
{
    /// <summary>The links that may be in the scope: those of its keys, or all of the kind of link. Whose they are is still to be asked.</summary>
    public static IEnumerable<LinkInfo> InScope(LinkTable links, ReadScope scope, ResourceKind kind, string linkKind)
    {
        if (scope.Names(kind) is not { } names) return links.OfKind(linkKind);
        links.Want(names.Count);
        return names.Select(n => links.Find(n)).OfType<LinkInfo>().Where(l => names.Contains(l.Name));
    }

    /// <summary>The steps in runs, in order, so that no run has a name twice: what is known of a link then holds until the end of the run.</summary>
    public static IEnumerable<IReadOnlyList<Step>> EachNameOnce(IReadOnlyList<Step> steps)
    {
        var (run, names) = (new List<Step>(), new HashSet<string>());
        foreach (var step in steps)
        {
            if (!names.Add(step.Key.Name))
            {
                yield return run;
                (run, names) = ([], [step.Key.Name]);
            }
            run.Add(step);
        }
        if (run.Count > 0) yield return run;
    }

    /// <summary>The link that a step is to make or change, when it is there already; null when it is to be made.</summary>
    /// <param name="links">The links there are.</param>
    /// <param name="step">The step; its after is not null.</param>
    /// <param name="kind">IFLA_INFO_KIND.</param>
    /// <exception cref="DriverException">The name is taken by a link that is not Weft's, or not this project's, or of another kind.</exception>
    public static LinkInfo? ForMaking(LinkTable links, Step step, string kind)
    {
        var name = step.Key.Name;
        if (links.Find(name) is not { } link) return null;
        var operation = $"{(step.Before is null ? "create" : "change")} {step.Key}";
        if (link.Name != name) throw new DriverException(operation, $"{name} is another name of {link.Name}", "take that name away or choose another");
        if (!LinkTag.TryParse(link.Alias, out var tag))
        {
            if (step is { Before.IsForeign: true } or { After.IsForeign: true } && link.Kind == kind) return link; // it changes hands
            throw new DriverException(operation, $"a link of this name ({link.Kind ?? "a NIC"}) is there and is not Weft's", "rename or delete it, or choose another name");
        }
        if (tag.Owner != step.After!.Owner && tag.Owner != step.Before?.Owner)
            throw new DriverException(operation, $"it belongs to network {tag.Network} of project {tag.Owner}", "choose another name");
        if (tag.Guest) throw new DriverException(operation, $"a hypervisor's link of this name is the port of {tag.Machine}", "choose another name");
        if (link.Kind != kind) throw new DriverException(operation, $"{name} is a {link.Kind ?? "NIC"} of network {tag.Network}", "choose another name");
        return link;
    }

    /// <summary>The link that a step is to delete; null when it is gone, or when what has its name now is somebody else's.</summary>
    public static LinkInfo? ForDeleting(LinkTable links, Resource gone, string kind) =>
        links.Find(gone.Key.Name) is { } link && link.Name == gone.Key.Name && link.Kind == kind
        && LinkTag.TryParse(link.Alias, out var tag) && !tag.Guest && tag.Owner == gone.Owner ? link : null;
}
