using System.Net.Sockets;
using Weft.Core.Model;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;
using LinuxMac = Weft.Linux.Route.MacAddress;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Engine.Host;

/// <summary>The kernel's records in the words of planning.</summary>
internal static class HostObjects
{
    /// <summary>A link. Only hardware is looked up in sysfs: two thousand taps would cost as many directories.</summary>
    public static HostLink Link(LinkInfo l, IReadOnlyDictionary<int, string> names)
    {
        var facts = l.Kind is null && (l.Flags & LinkFlags.Loopback) == 0 ? NicFacts.Read(l.Name) : null;
        return new(l.Index, l.Name, l.Kind ?? "", l.Mac is { } mac ? Mac(mac) : null, l.Mtu)
        {
            Up = (l.Flags & LinkFlags.Up) != 0,
            Carrier = (l.Flags & LinkFlags.LowerUp) != 0,
            Loopback = (l.Flags & LinkFlags.Loopback) != 0,
            Wireless = facts?.Wireless ?? false,
            Master = names.GetValueOrDefault(l.MasterIndex),
            MinMtu = l.MinMtu,
            MaxMtu = l.MaxMtu,
            Alias = l.Alias,
            Driver = facts?.Driver,
        };
    }

    /// <summary>An address; null when its link came after the links were read.</summary>
    public static HostAddress? Address(AddressInfo a, IReadOnlyDictionary<int, string> names) => names.TryGetValue(a.LinkIndex, out var link)
        ? new(link, new IpPrefix(a.Address, a.PrefixLength), (a.Flags & AddressFlags.Permanent) != 0, a.Scope) { Protocol = a.Protocol }
        : null;

    /// <summary>Somebody has answered with this address, or the administrator says that it is there.</summary>
    public static bool IsSeen(NeighbourInfo n) =>
        n.Mac is not null && (n.State & (NeighbourState.Incomplete | NeighbourState.Failed | NeighbourState.NoArp)) == 0
        && !(n.Address.AddressFamily == AddressFamily.InterNetworkV6 && n.Address.IsIPv6Multicast);

    private static MacAddress Mac(LinuxMac mac)
    {
        Span<byte> bytes = stackalloc byte[6];
        mac.CopyTo(bytes);
        return MacAddress.From(bytes);
    }
}
