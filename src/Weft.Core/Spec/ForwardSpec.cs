using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec;

/// <summary>Transport protocol of a forward.</summary>
public enum ForwardProtocol
{
    /// <summary>TCP.</summary>
    Tcp,
    /// <summary>UDP.</summary>
    Udp,
}

/// <summary>A port forward: outer ports to a machine.</summary>
public sealed record ForwardSpec(ForwardProtocol Protocol, PortRange Listen, ForwardTarget To)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Outer address to listen on; null means every address of the host on the uplink.</summary>
    public IPAddress? ListenAddress { get; init; }
    /// <summary>Sources allowed; empty means all.</summary>
    public ImmutableArray<IpPrefix> AllowFrom { get; init; } = [];
    /// <summary>Flood protection.</summary>
    public ProtectSpec? Protect { get; init; }
}

/// <summary>Ports, inclusive.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>Where a forward leads: a machine of the file or an address; the first inner port (a range keeps its length).</summary>
public sealed record ForwardTarget(string? Machine, IPAddress? Address, int Port);

/// <summary>A 1:1 floating address.</summary>
public sealed record FloatingSpec(IPAddress Outer, string? Machine, IPAddress? Address)
{
    /// <summary>Where it stands in the file.</summary>
    public Location At { get; init; }
    /// <summary>Sources allowed; empty means all.</summary>
    public ImmutableArray<IpPrefix> AllowFrom { get; init; } = [];
}

/// <summary>Flood protection (M12). Null members are off.</summary>
/// <param name="SynProxy">Handshakes are answered by the kernel's SYN proxy until the client has proved its address.</param>
/// <param name="SynRate">New connections a second from one source.</param>
/// <param name="Connections">Connections at once from one source.</param>
public sealed record ProtectSpec(bool SynProxy = false, int? SynRate = null, int? Connections = null);
