using System.Collections.Immutable;
using System.Net;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Engine.Machines;
using Weft.Linux.Route;

namespace Weft.Engine.Status;

/// <summary>A network as it was given and as it is.</summary>
/// <param name="Declared">What it was given.</param>
/// <param name="State">"up", "down", or "missing".</param>
/// <param name="Mtu">Bytes; null when it is missing.</param>
/// <param name="Addresses">The host's addresses on its bridge, as they are.</param>
/// <param name="PortsUp">Ports whose machine is running.</param>
/// <param name="Ports">Ports given out.</param>
public sealed record NetworkStatus(NetworkAllocation Declared, string State, int? Mtu, ImmutableArray<IpPrefix> Addresses, int PortsUp, int Ports);

/// <summary>A port as it was given and as it is.</summary>
/// <param name="Declared">What it was given.</param>
/// <param name="Bridge">The bridge it belongs on.</param>
/// <param name="State">"up" (a machine has it open), "waiting" (none has), "down", "missing", or "off bridge".</param>
/// <param name="Mtu">Bytes; null when it is missing.</param>
/// <param name="Seen">Its addresses that the host has seen on the wire, that it told its neighbours of, or that a DHCP server of the LAN told it.</param>
/// <param name="RxBytes">Bytes that came from the machine; null when it is missing.</param>
/// <param name="TxBytes">Bytes that went to the machine; null when it is missing.</param>
public sealed record PortStatus(PortAllocation Declared, string Bridge, string State, int? Mtu, ImmutableArray<IPAddress> Seen, ulong? RxBytes, ulong? TxBytes)
{
    /// <summary>Those that a DHCP server of the LAN gave it.</summary>
    public ImmutableArray<IPAddress> Leased { get; init; } = [];

    /// <summary>This, and what it said of itself and was told.</summary>
    internal PortStatus With(IEnumerable<IPAddress> told, ImmutableArray<IPAddress> leased) => this with { Seen = [.. Seen.Union(told).Union(leased)], Leased = leased };
}

/// <summary>The live state beside the declared one.</summary>
/// <param name="Networks">Networks, by project and name.</param>
/// <param name="Ports">Ports, by project, network and machine.</param>
public sealed record HostStatus(ImmutableArray<NetworkStatus> Networks, ImmutableArray<PortStatus> Ports)
{
    /// <summary>Compares what was given out with the kernel.</summary>
    /// <param name="given">What was given out.</param>
    /// <param name="socket">A socket in the namespace.</param>
    /// <param name="told">Addresses that machines have told their neighbours of, by port and MAC.</param>
    /// <param name="leases">Addresses that DHCP servers of LANs have given machines.</param>
    /// <exception cref="IOException">The kernel refused a dump.</exception>
    internal static HostStatus Read(AllocationState given, RouteSocket socket, ILookup<(string Port, string Mac), IPAddress> told, ImmutableArray<LanLease> leases)
    {
        var links = socket.Links().ToDictionary(l => l.Name);
        var addresses = socket.Addresses().ToLookup(a => a.LinkIndex);
        var seen = socket.Neighbours().Where(n => n.Mac is not null).ToLookup(n => (n.LinkIndex, Mac: n.Mac!.Value.ToString()));
        var leased = leases.ToLookup(l => (l.Project, l.Network, l.Mac), l => l.Address);
        ImmutableArray<PortStatus> ports = [.. PortsOf(given, links, seen).Select(p => p.With(told[(p.Declared.Port, p.Declared.Mac.ToString())], [.. leased[(p.Declared.Project, p.Declared.Network, p.Declared.Mac)]]))];
        var byNetwork = ports.ToLookup(p => (p.Declared.Project, p.Declared.Network));
        return new([.. InOrder(given.Networks).Select(n => Network(n, links, addresses, [.. byNetwork[(n.Project, n.Network)]]))], ports);
    }

    /// <summary>Networks, by project and name.</summary>
    internal static IEnumerable<NetworkAllocation> InOrder(IEnumerable<NetworkAllocation> networks) => networks.OrderBy(n => n.Project, StringComparer.Ordinal).ThenBy(n => n.Network, StringComparer.Ordinal);

    /// <summary>Ports, by project, network and machine.</summary>
    internal static ImmutableArray<PortStatus> PortsOf(AllocationState given, Dictionary<string, LinkInfo> links, ILookup<(int, string), NeighbourInfo>? seen)
    {
        var bridges = given.Networks.ToDictionary(n => (n.Project, n.Network), n => n.Bridge);
        return [.. given.Ports.OrderBy(p => p.Project, StringComparer.Ordinal).ThenBy(p => p.Network, StringComparer.Ordinal).ThenBy(p => p.Machine, StringComparer.Ordinal).ThenBy(p => p.Index)
            .Select(p => Port(p, bridges.GetValueOrDefault((p.Project, p.Network), ""), links, seen))];
    }

    /// <summary>"up", "down", or "missing".</summary>
    internal static string StateOf(LinkInfo? link) => link is null ? "missing" : link.IsUp ? "up" : "down";

    private static NetworkStatus Network(NetworkAllocation n, Dictionary<string, LinkInfo> links, ILookup<int, AddressInfo> addresses, List<PortStatus> ports)
    {
        var link = links.GetValueOrDefault(n.Bridge);
        return new(n, StateOf(link), link?.Mtu,
            link is null ? [] : [.. addresses[link.Index].Select(a => new IpPrefix(a.Address, a.PrefixLength))], ports.Count(p => p.State == "up"), ports.Count);
    }

    private static PortStatus Port(PortAllocation p, string bridge, Dictionary<string, LinkInfo> links, ILookup<(int, string), NeighbourInfo>? seen)
    {
        if (links.GetValueOrDefault(p.Port) is not { } tap) return new(p, bridge, "missing", null, [], null, null);
        var master = links.GetValueOrDefault(bridge);
        var state = master is null || tap.MasterIndex != master.Index ? "off bridge" : !tap.IsUp ? "down" : tap.Carrier ? "up" : "waiting";
        return new(p, bridge, state, tap.Mtu, master is null || seen is null ? [] : [.. seen[(master.Index, p.Mac.ToString())].Select(n => n.Address)], tap.Statistics?.RxBytes ?? 0, tap.Statistics?.TxBytes ?? 0);
    }
}
