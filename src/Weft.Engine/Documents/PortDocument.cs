using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security;
using Weft.Core.Ipam;
using Weft.Engine.Status;

namespace Weft.Engine.Documents;

/// <summary>A port as it was given, and how a machine is attached to it.</summary>
public record PortDocument
{
    /// <summary>Machine.</summary>
    public required string Machine { get; init; }
    /// <summary>Project.</summary>
    public required string Project { get; init; }
    /// <summary>Network.</summary>
    public required string Network { get; init; }
    /// <summary>Which of the machine's ports on that network, from 0.</summary>
    public required int Index { get; init; }
    /// <summary>Link name of the tap, or of the hypervisor's link that is the port now.</summary>
    public required string Tap { get; init; }
    /// <summary>The bridge it belongs on.</summary>
    public required string? Bridge { get; init; }
    /// <summary>The machine's MAC.</summary>
    public required string Mac { get; init; }
    /// <summary>Its addresses.</summary>
    public required ImmutableArray<string> Addresses { get; init; }
    /// <summary>When it was given (UTC).</summary>
    public required DateTimeOffset Since { get; init; }
    /// <summary>In the file; false when made by port add, or for a hypervisor's link.</summary>
    public required bool Declared { get; init; }
    /// <summary>A hypervisor made the link.</summary>
    public required bool Guest { get; init; }
    /// <summary>Arguments of qemu-system-*, one a word; none where the hypervisor made the link.</summary>
    public required ImmutableArray<string> Qemu { get; init; }
    /// <summary>The interface element of a libvirt domain.</summary>
    public required string Libvirt { get; init; }
    /// <summary>Weft's own tap for the machine, which is idle while the hypervisor's link is the port; null where there is none, or it is the port.</summary>
    public string? IdleTap { get; init; }
    /// <summary>The network namespace that the tap is in; null for the host's own.</summary>
    public required string? Netns { get; init; }

    /// <summary>A port as it was given.</summary>
    public static PortDocument Of(PortAllocation p, string bridge, string? netns) => new()
    {
        Machine = p.Machine, Project = p.Project, Network = p.Network, Index = p.Index, Tap = p.Port, Bridge = Words.OrNull(bridge), Mac = $"{p.Mac}", Addresses = [.. p.Addresses.Select(a => $"{a}")],
        Since = p.Since, Declared = p.Declared, Guest = p.Link is not null, IdleTap = p is { Guest: false, Link: not null } ? p.Tap : null, Qemu = QemuOf(p), Libvirt = LibvirtOf(p), Netns = netns,
    };

    private static ImmutableArray<string> QemuOf(PortAllocation p) => p.Guest ? []
        : ["-netdev", $"tap,id={p.Tap},ifname={p.Tap},script=no,downscript=no", "-device", $"virtio-net-pci,netdev={p.Tap},mac={p.Mac}"];

    // managed='no': the tap is Weft's, libvirt only opens it. Where it is the hypervisor's, it is on libvirt's network.
    private static string LibvirtOf(PortAllocation p) => p.Guest
        ? $"<interface type='network'><source network='{p.Project}.{p.Network}'/><mac address='{p.Mac}'/><model type='virtio'/></interface>"
        : $"<interface type='ethernet'><target dev='{SecurityElement.Escape(p.Tap)}' managed='no'/><mac address='{p.Mac}'/><model type='virtio'/></interface>";
}

/// <summary>A port as it was given and as it is.</summary>
public sealed record PortStateDocument : PortDocument
{
    /// <summary>Filled by its reader.</summary>
    public PortStateDocument() { }

    [SetsRequiredMembers]
    private PortStateDocument(PortDocument given) : base(given) { }

    /// <summary>up, waiting, down, missing or off bridge.</summary>
    public string State { get; init; } = "";
    /// <summary>Bytes; null when it is missing.</summary>
    public int? Mtu { get; init; }
    /// <summary>Bytes that came from the machine.</summary>
    public ulong? RxBytes { get; init; }
    /// <summary>Bytes that went to the machine.</summary>
    public ulong? TxBytes { get; init; }
    /// <summary>Its addresses that the host has seen on the wire.</summary>
    public ImmutableArray<string> Seen { get; init; } = [];

    /// <summary>A port as it was given and is.</summary>
    public static PortStateDocument Of(PortStatus p, string? netns) => new(Of(p.Declared, p.Bridge, netns)) { State = p.State, Mtu = p.Mtu, RxBytes = p.RxBytes, TxBytes = p.TxBytes, Seen = [.. p.Seen.Select(a => $"{a}")] };
}

/// <summary>Ports of a machine.</summary>
public sealed record PortsDocument : Document, ILook
{
    /// <summary>The ports.</summary>
    public required ImmutableArray<PortDocument> Ports { get; init; }
    /// <inheritdoc/>
    public OpenDocument? Open { get; init; }
}
