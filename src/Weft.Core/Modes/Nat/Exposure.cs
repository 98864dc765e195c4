using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>One forward in one address family, resolved: where it listens, where it leads, who may use it.</summary>
/// <param name="Listen">Outer address; null is any address of the host.</param>
/// <param name="Protocol">"tcp" or "udp", as nft writes it.</param>
/// <param name="Ports">Outer ports.</param>
/// <param name="Target">Inner address.</param>
/// <param name="InnerPorts">Inner ports; as many.</param>
/// <param name="Sources">Who may use it; null is everybody.</param>
/// <param name="Protect">Flood protection; null is none.</param>
internal sealed record Exposure(IPAddress? Listen, string Protocol, PortRange Ports, IPAddress Target, PortRange InnerPorts,
    ImmutableArray<IpPrefix>? Sources, ProtectSpec? Protect)
{
    /// <summary>True for IPv4.</summary>
    public bool IsV4 => Target.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>True when outer and inner ports are the same, so that a whole range is one element.</summary>
    public bool KeepsPorts => Ports == InnerPorts;

    /// <summary>The forwards of a network, in the order of the file, each in every family it can have.</summary>
    public static IEnumerable<Exposure> Of(NatNetworkSpec network, ImmutableArray<PortAllocation> ports, ImmutableArray<SubnetLayout> subnets)
    {
        foreach (var f in network.Forwards)
            foreach (var target in Targets(f.To.Machine, f.To.Address, ports))
                if (f.ListenAddress is null || f.ListenAddress.AddressFamily == target.AddressFamily)
                    yield return new(f.ListenAddress, f.Protocol == ForwardProtocol.Tcp ? "tcp" : "udp", f.Listen, target,
                        new(f.To.Port, f.To.Port + f.Listen.Last - f.Listen.First), SourcesOf(f.AllowFrom, network, subnets, target), f.Protect);
    }

    /// <summary>The addresses that a target stands for: those of the machine's first port on the network, or the address itself.</summary>
    public static IEnumerable<IPAddress> Targets(string? machine, IPAddress? address, ImmutableArray<PortAllocation> ports)
    {
        if (address is not null) return [address];
        return ports.FirstOrDefault(p => p.Machine == machine && p.Index == 0)?.Addresses ?? [];
    }

    /// <summary>
    /// Sources of the target's family that may use it; null for everybody. Machines of the network itself always may: a restriction is
    /// on the outside.
    /// </summary>
    public static ImmutableArray<IpPrefix>? SourcesOf(ImmutableArray<IpPrefix> allowed, NatNetworkSpec network, ImmutableArray<SubnetLayout> subnets, IPAddress target)
    {
        if (allowed.IsEmpty && network.AllowFrom.IsEmpty) return null;
        var v4 = target.AddressFamily == AddressFamily.InterNetwork;
        var outer = PrefixSets.Both(allowed, network.AllowFrom).Concat(subnets.Select(s => s.Prefix));
        return [.. PrefixSets.Minimal(outer.Where(p => p.IsV4 == v4))];
    }
}
