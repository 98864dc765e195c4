using Weft.Linux.Route;

namespace Weft.Engine.Host;

/// <summary>The links of a host, all or without what are ports.</summary>
internal static class HostLinks
{
    private const int NoMaster = -1;

    /// <summary>Those that the options ask for.</summary>
    public static IReadOnlyList<LinkInfo> Read(RouteSocket socket, HostReadOptions options)
    {
        if (options.Ports) return socket.Links();
        var links = socket.Links(masterIndex: NoMaster);
        if (links.Count == 0) return socket.Links(); // the loopback at least is a port of nothing: this kernel does not know the question
        var known = links.Select(l => l.Name).ToHashSet();
        return [.. links, .. options.Named.Where(n => !known.Contains(n)).Distinct().Select(socket.Link).OfType<LinkInfo>()];
    }

    /// <summary>Names by index, also of links that were left out but have an address: it is in use wherever it is.</summary>
    public static Dictionary<int, string> Names(RouteSocket socket, IReadOnlyList<LinkInfo> links, IReadOnlyList<AddressInfo> addresses)
    {
        var names = links.ToDictionary(l => l.Index, l => l.Name);
        foreach (var index in addresses.Select(a => a.LinkIndex).Where(i => !names.ContainsKey(i)).Distinct().ToList())
            if (socket.Link(index) is { } link) names[index] = link.Name;
        return names;
    }
}
