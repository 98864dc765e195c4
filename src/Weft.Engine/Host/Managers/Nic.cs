using Weft.Linux.Route;
using Weft.Linux.Sysfs;
using LinkTag = Weft.Core.Model.LinkTag;

namespace Weft.Engine.Host.Managers;

/// <summary>What the rules of network managers can match a link by.</summary>
/// <param name="Index">Interface index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Names">Its name and alternative names.</param>
/// <param name="Macs">Its address now, and the one burnt in.</param>
/// <param name="Kind">IFLA_INFO_KIND; "" for hardware.</param>
/// <param name="Wireless">An IEEE 802.11 interface.</param>
/// <param name="Driver">Kernel driver; "" when unknown.</param>
/// <param name="Bridge">Weft's bridge that it is a port of, where its addresses and DHCP client went; null when it is none.</param>
internal sealed record Nic(int Index, string Name, IReadOnlyList<string> Names, IReadOnlyList<string> Macs, string Kind, bool Wireless, string Driver, string? Bridge)
{
    /// <summary>Links that may be uplinks: neither the loopback nor taps nor bridges nor Weft's own.</summary>
    public static IReadOnlyList<Nic> Of(IReadOnlyList<LinkInfo> links)
    {
        var ours = links.Where(l => IsOurs(l) && l.Kind == "bridge").ToDictionary(l => l.Index, l => l.Name);
        return [.. links.Where(l => (l.Flags & LinkFlags.Loopback) == 0 && l.Kind is not ("tun" or "bridge") && !IsOurs(l)).Select(l => Of(l, ours))];
    }

    /// <summary>Whether one of its names matches a pattern of glob(7).</summary>
    public bool IsNamed(string pattern) => Names.Any(n => Glob.Matches(pattern, n));

    /// <summary>Whether one of its addresses is this one, in whatever spelling.</summary>
    public bool HasMac(string mac) => MacAddress.TryParse(mac, out var m) && Macs.Contains(m.ToString());

    private static bool IsOurs(LinkInfo l) => LinkTag.IsOurs(l.Alias);

    private static Nic Of(LinkInfo l, Dictionary<int, string> ours)
    {
        var facts = l.Kind is null ? NicFacts.Read(l.Name) : null;
        return new(l.Index, l.Name, [l.Name, .. l.AltNames], [.. new[] { l.Mac, l.PermanentMac }.OfType<MacAddress>().Select(m => m.ToString()).Distinct()],
            l.Kind ?? "", facts?.Wireless ?? false, facts?.Driver ?? "", ours.GetValueOrDefault(l.MasterIndex));
    }
}
