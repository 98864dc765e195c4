using Weft.Core.Model;
using Weft.Linux.Route;

namespace Weft.Engine.Machines;

/// <summary>Knows which links are Weft's bridges, by their tags; asks the kernel once for each.</summary>
/// <param name="route">A socket in the namespace.</param>
internal sealed class WeftBridges(RouteSocket route)
{
    private readonly Dictionary<int, LinkTag?> _known = [];

    /// <summary>The bridge's tag; null when the link is no bridge of Weft's.</summary>
    public LinkTag? Of(int index)
    {
        if (index == 0) return null;
        if (_known.TryGetValue(index, out var tag)) return tag;
        return _known[index] = route.Link(index) is { Kind: "bridge" } link ? TagOf(link) : null;
    }

    /// <summary>A link came, changed or went.</summary>
    public void Note(LinkInfo link, bool gone)
    {
        if (gone) _known.Remove(link.Index);
        else if (link.Kind == "bridge") _known[link.Index] = TagOf(link);
    }

    private static LinkTag? TagOf(LinkInfo link) => LinkTag.TryParse(link.Alias, out var tag) && tag.Machine is null ? tag : null;
}
