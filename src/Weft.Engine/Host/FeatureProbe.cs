using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Linux.Libc;
using Weft.Linux.NetNs;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host;

/// <summary>Finds out what the kernel can do by doing it in a network namespace that is thrown away; nothing of the host is changed.</summary>
internal static class FeatureProbe
{
    private const int Bridge = 1000; // an interface index of the scratch namespace

    /// <summary>The features of <see cref="HostFeatures"/> that only trying shows. They are those of the kernel and of nft, whatever the namespace.</summary>
    /// <exception cref="IOException">The privileges do not suffice, or libnftables is not installed.</exception>
    public static ImmutableHashSet<string> Try() => NetNamespace.RunInScratch<ImmutableHashSet<string>>(() =>
    [
        .. Links(),
        .. Knows("synproxy mss 1460 wscale 7 timestamp sack-perm") ? [HostFeatures.SynProxy] : (string[])[],
        .. Knows("ct count over 1 drop") ? [HostFeatures.ConnLimit] : (string[])[],
        .. Knows("meta ibrname \"probe\" drop", "bridge") ? [HostFeatures.BridgeNames] : (string[])[],
    ]);

    /// <summary>Those that a look into /proc/sys shows.</summary>
    public static IEnumerable<string> Look()
    {
        if (Sysctl.Exists("net/ipv6/conf")) yield return HostFeatures.Ipv6;
        if (Sysctl.Exists("net/ipv6/conf/all/force_forwarding")) yield return HostFeatures.Ipv6ForceForwarding;
    }

    private static List<string> Links()
    {
        using var route = new RouteSocket();
        var found = new List<string>();
        if (!Done(route, new RouteBatch().NewBridge("probe", Bridge))) return found;
        // A kernel without it refuses the attribute, or passes it over and does not tell it either.
        if (Done(route, new RouteBatch().SetLink(Bridge, new LinkSettings { Bridge = new BridgeOptions { VlanFiltering = true } }))
            && route.Link(Bridge)?.Bridge?.VlanFiltering == true) found.Add(HostFeatures.BridgeVlan);
        if (Done(route, new RouteBatch().NewVlan("probe.1", Bridge, 1))) found.Add(HostFeatures.Vlan8021q);
        return found;
    }

    private static bool Done(RouteSocket route, RouteBatch batch)
    {
        try
        {
            route.Execute(batch);
            return true;
        }
        catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return false; // "Unknown device type", or the option is not compiled in
        }
    }

    private static bool Knows(string statement, string family = "inet")
    {
        try
        {
            NftText.Check($"table {family} probe {{\nchain probe {{\n{statement}\n}}\n}}\n");
            return true;
        }
        catch (IOException e) when (e.InnerException is null) // libnftables is there, and refused
        {
            return false;
        }
    }
}
