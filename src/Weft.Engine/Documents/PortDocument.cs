using System.Collections.Immutable;
using System.Security;
using Weft.Core.Ipam;
using Weft.Engine.Status;

namespace Weft.Engine.Documents;

/// <summary>A port as it was given, how a machine is attached to it, and, where it was looked at, as it is.</summary>
/// <param name="Machine">Machine.</param>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Index">Which of the machine's ports on that network, from 0.</param>
/// <param name="Tap">Link name of the tap, or of the hypervisor's link that is the port now.</param>
/// <param name="Bridge">The bridge it belongs on.</param>
/// <param name="Mac">The machine's MAC.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Since">When it was given (UTC).</param>
/// <param name="Declared">In the file; false when made by port add.</param>
/// <param name="Qemu">Arguments of qemu-system-*, one a word; none where the hypervisor made the link.</param>
/// <param name="Libvirt">The interface element of a libvirt domain.</param>
/// <param name="Netns">The network namespace that the tap is in; null for the host's own.</param>
/// <param name="State">up, waiting, down, missing or off bridge.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="RxBytes">Bytes that came from the machine.</param>
/// <param name="TxBytes">Bytes that went to the machine.</param>
/// <param name="Seen">Its addresses that the host has seen on the wire.</param>
public sealed record PortDocument(string Machine, string Project, string Network, int Index, string Tap, string Bridge, string Mac, ImmutableArray<string> Addresses, DateTimeOffset Since,
    bool Declared, ImmutableArray<string> Qemu, string Libvirt, string? Netns, string? State = null, int? Mtu = null, ulong? RxBytes = null, ulong? TxBytes = null, ImmutableArray<string>? Seen = null)
{
    /// <summary>A port as it was given.</summary>
    public static PortDocument Of(PortAllocation p, string bridge, string? netns) => new(p.Machine, p.Project, p.Network, p.Index, p.Port, bridge, p.Mac.ToString(),
        [.. p.Addresses.Select(a => a.ToString())], p.Since, p.Declared,
        p.Guest ? [] : ["-netdev", $"tap,id={p.Tap},ifname={p.Tap},script=no,downscript=no", "-device", $"virtio-net-pci,netdev={p.Tap},mac={p.Mac}"],
        // managed='no': the tap is Weft's, libvirt only opens it. Where it is the hypervisor's, it is on libvirt's network.
        p.Guest ? $"<interface type='network'><source network='{p.Project}.{p.Network}'/><mac address='{p.Mac}'/><model type='virtio'/></interface>" : $"<interface type='ethernet'><target dev='{SecurityElement.Escape(p.Tap)}' managed='no'/><mac address='{p.Mac}'/><model type='virtio'/></interface>", netns);

    /// <summary>A port as it was given and is.</summary>
    public static PortDocument Of(PortStatus p, string? netns) => Of(p.Declared, p.Bridge, netns) with
    {
        State = p.State, Mtu = p.Mtu, RxBytes = p.RxBytes, TxBytes = p.TxBytes, Seen = [.. p.Seen.Select(a => a.ToString())],
    };
}

/// <summary>Ports of a machine.</summary>
public sealed record PortsDocument : Document
{
    /// <summary>The ports.</summary>
    public required ImmutableArray<PortDocument> Ports { get; init; }
}
