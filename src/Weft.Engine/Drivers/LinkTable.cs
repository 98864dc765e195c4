using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// The links as one call of a driver sees them. A few are asked for one by one, each once; many by one dump, so that the cost follows the change
/// on a host with thousands of links and stays small for a thousand changes.
/// </summary>
internal sealed class LinkTable(RouteSocket route)
{
    // A request costs about as much as five links of a dump, and a host where so many are asked for has at least as many.
    public const int Few = 64;
    private readonly Dictionary<string, LinkInfo?> _byName = [];
    private readonly Dictionary<int, LinkInfo?> _byIndex = [];
    private bool _complete;

    /// <summary>That many links will be asked for: all are read now when that is cheaper.</summary>
    public LinkTable Want(int count)
    {
        if (count > Few && !_complete) ReadAll();
        return this;
    }

    /// <summary>All links of a kind.</summary>
    public IReadOnlyList<LinkInfo> OfKind(string kind)
    {
        var links = route.Links(kind: kind);
        foreach (var link in links) Keep(link);
        return links;
    }

    /// <summary>The link of that name or alternative name; null when there is none.</summary>
    public LinkInfo? Find(string name) => _byName.TryGetValue(name, out var known) ? known : _complete ? null : _byName[name] = Keep(route.Link(name));

    /// <summary>The link of that index; null when there is none.</summary>
    public LinkInfo? Find(int index) => index == 0 ? null : _byIndex.TryGetValue(index, out var known) ? known : _complete ? null : _byIndex[index] = Keep(route.Link(index));

    /// <summary>The tag of the link of that index; null when the link is not Weft's.</summary>
    public LinkTag? TagOf(int index) => LinkTag.TryParse(Find(index)?.Alias, out var tag) ? tag : null;

    private void ReadAll()
    {
        foreach (var link in route.Links()) Keep(link);
        _complete = true;
    }

    private LinkInfo? Keep(LinkInfo? link)
    {
        if (link is null) return null;
        _byIndex[link.Index] = _byName[link.Name] = link;
        foreach (var name in link.AltNames) _byName[name] = link;
        return link;
    }
}
