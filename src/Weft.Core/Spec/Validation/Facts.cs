using System.Net;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Questions that several rules ask.</summary>
internal static class Facts
{
    /// <summary>"network dev".</summary>
    public static string Title(this NetworkSpec n) => $"network {n.Name}";

    /// <summary>The host's own address in the subnet: the one given, or the first behind the network's own.</summary>
    public static IPAddress HostAddress(this SubnetSpec s) => s.Gateway ?? s.Prefix.Nth(1);

    /// <summary>True for the network address, and for IPv4 the broadcast address.</summary>
    public static bool IsEdge(this IpPrefix p, IPAddress a)
    {
        var n = IpPrefix.ToNumber(a);
        return n == p.First || (p.IsV4 && n == p.Last);
    }

    /// <summary>True when the subnets are all known: written in the file, and read without a fault.</summary>
    public static bool SubnetsKnown(this NetworkSpec n) => !n.Incomplete && n is not UnreadNetworkSpec && !n.Subnets.IsEmpty;

    /// <summary>True when machines of the network can have addresses of the family.</summary>
    public static bool HasFamily(this NetworkSpec n, bool v4) => !n.SubnetsKnown() || n.Subnets.Any(s => s.Prefix.IsV4 == v4);

    /// <summary>True for IPv4.</summary>
    public static bool IsV4(this IPAddress a) => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;

    /// <summary>"IPv4" or "IPv6".</summary>
    public static string Family(bool v4) => v4 ? "IPv4" : "IPv6";

    /// <summary>Every port with its machine.</summary>
    public static IEnumerable<(MachineSpec Machine, PortSpec Port)> AllPorts(this ProjectSpec p) => p.Machines.SelectMany(m => m.Ports.Select(port => (m, port)));

    /// <summary>The link an uplink stands on: LINK, or LINK.ID for a VLAN.</summary>
    public static string LinkName(this UplinkSpec u) => u.Vlan is { } id ? $"{u.Link}.{id}" : u.Link;
}
