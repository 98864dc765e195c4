using System.Net;
using Weft.Core.Model;

namespace Weft.Core.Resources;

/// <summary>
/// An address of the host on a link of Weft's, or, as a /32 or /128, on the uplink of a NAT network: a floating address or one of a SNAT pool.
/// </summary>
public sealed record AddressResource(string Owner, string Network, string Link, IpPrefix Address) : Resource(Owner, Network)
{
    /// <summary>IFA_PROTO (linux/if_addr.h, Linux 5.18) of Weft's addresses: on a link that is not Weft's it tells them from the administrator's.</summary>
    public const byte Protocol = 87;
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Address, $"{Link} {Address}");
    /// <inheritdoc/>
    public override string Summary => "host address";
}

/// <summary>A route of ours (protocol 87 marks it; rtm_protocol).</summary>
public sealed record RouteResource(string Owner, string Network, IpPrefix Destination, string Link, IPAddress? Gateway, int Table = 254, int Metric = 0)
    : Resource(Owner, Network)
{
    /// <summary>rtm_protocol of Weft's routes: not in use by any daemon known to iproute2's rt_protos.</summary>
    public const byte Protocol = 87;
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Route, $"{Destination} {Link} {Table} {Metric}");
    /// <inheritdoc/>
    public override string Summary => Gateway is null ? $"on {Link}" : $"via {Gateway} on {Link}";
}

/// <summary>
/// A kernel setting under /proc/sys that is not of a bridge of Weft's (those are <see cref="BridgeIp"/>). The value it had before is kept in the store and put back when no project wants it any more.
/// </summary>
/// <param name="Owner">Project, or <see cref="Resource.Shared"/>.</param>
/// <param name="Network">Network.</param>
/// <param name="Path">Relative to /proc/sys with slashes: net/ipv4/conf/eth0/forwarding.</param>
/// <param name="Value">As the kernel prints it.</param>
public sealed record SysctlResource(string Owner, string Network, string Path, string Value) : Resource(Owner, Network)
{
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.Sysctl, Path);
    /// <inheritdoc/>
    public override string Summary => $"= {Value}";
}

/// <summary>A file of ours in another tool's configuration (a NetworkManager, networkd, dhcpcd or ifupdown drop-in). Its first line marks it as Weft's.</summary>
/// <param name="Owner">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Content">Whole text.</param>
/// <param name="Reload">Which tool must read it: "networkmanager" (which is restarted when the file is new or other), "networkd", "" for none.</param>
public sealed record HostFileResource(string Owner, string Network, string Path, string Content, string Reload) : Resource(Owner, Network)
{
    /// <summary>First line of every such file: it says whose it is, and is what lets Weft change it and take it away again.</summary>
    public const string Mark = "# Made by weft; it goes with the network. Changes are lost.";
    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.HostFile, Path);
    /// <inheritdoc/>
    public override string Summary => Reload.Length == 0 ? "drop-in" : $"drop-in for {Reload}";
}
