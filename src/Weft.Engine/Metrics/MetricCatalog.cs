using System.Collections.Immutable;
using Weft.Engine.Status;

namespace Weft.Engine.Metrics;

/// <summary>Every metric, and how it is taken from a snapshot. docs/monitoring.md lists the same.</summary>
public static class MetricCatalog
{
    private static readonly ImmutableArray<IMetricTable> s_tables =
    [
        new MetricTable<MetricsSnapshot>(["version"], s => [s], s => [s.Version]).Info("weft_build", "The version of Weft that took the figures."),
        Networks(), Uplinks(), Ports(), Forwards(), Subnets(), Drops(),
        new MetricTable<ConntrackFigures>([], s => s.Conntrack is { } c ? [c] : [], _ => [])
            .Gauge("weft_conntrack_connections", "", "Connections that the kernel tracks in the network namespace.", c => c.Count)
            .Gauge("weft_conntrack_connections_limit", "", "Connections that the kernel can track; beyond it new ones are dropped.", c => c.Limit),
        new MetricTable<ChangeFigures>(["project", "verb", "result"], s => s.Changes, c => [c.Project, c.Verb, c.Result])
            .Counter("weft_changes", "", "Changes in the history: what was committed, and what was undone because it failed or was not confirmed.", c => c.Count),
        new MetricTable<MetricsSnapshot>([], s => [s], _ => [])
            .Gauge("weft_change_pending", "", "1 while a change waits to be confirmed.", s => s.Pending ? 1 : 0),
        new MetricTable<Events.EventTotal>(["kind", "severity"], s => s.Events, e => [Engine.Events.EventNames.Of(e.Kind), Engine.Events.EventNames.Of(e.Severity)])
            .Counter("weft_events", "", "Events since the daemon started, by kind and severity.", e => e.Count),
        new MetricTable<SourceFigures>(["source"], s => s.Sources, f => [f.Name])
            .Gauge("weft_source_up", "", "1 when the figures of that source could be read; 0 when they are missing.", f => f.Fault is null ? 1 : 0),
    ];

    /// <summary>All metrics, in the order in which they are written.</summary>
    public static ImmutableArray<Metric> All { get; } = [.. s_tables.SelectMany(t => t.Metrics)];

    /// <summary>All metrics with their series; those without series too.</summary>
    /// <param name="snapshot">The figures.</param>
    public static ImmutableArray<MetricFamily> Of(MetricsSnapshot snapshot) => [.. s_tables.SelectMany(t => t.Read(snapshot))];

    private static MetricTable<NetworkFigures> Networks() => new MetricTable<NetworkFigures>(["project", "network", "mode", "bridge"], s => s.Networks, n => [n.Project, n.Network, n.Mode, n.Bridge])
        .Gauge("weft_network_up", "", "1 when the network's bridge is there and up.", n => n.State == "up" ? 1 : 0)
        .Gauge("weft_network_ports", "", "Ports that are given out on the network.", n => n.Ports)
        .Gauge("weft_network_ports_up", "", "Ports of the network whose machine is running.", n => n.PortsUp)
        .Gauge("weft_network_dhcp_leases", "", "DHCP leases that hold on the network.", n => n.Leases)
        .Counter("weft_network_receive_bytes", "bytes", "Bytes that the host received from the network on its bridge.", n => n.Link?.RxBytes)
        .Counter("weft_network_transmit_bytes", "bytes", "Bytes that the host sent into the network on its bridge.", n => n.Link?.TxBytes)
        .Counter("weft_network_receive_packets", "", "Frames that the host received from the network on its bridge.", n => n.Link?.RxPackets)
        .Counter("weft_network_transmit_packets", "", "Frames that the host sent into the network on its bridge.", n => n.Link?.TxPackets)
        .Counter("weft_network_receive_dropped", "", "Frames from the network that the host dropped on its bridge.", n => n.Link?.RxDropped)
        .Counter("weft_network_transmit_dropped", "", "Frames for the network that the host dropped on its bridge.", n => n.Link?.TxDropped);

    private static MetricTable<UplinkFigures> Uplinks() => new MetricTable<UplinkFigures>(["project", "network", "link"], s => s.Uplinks, u => [u.Project, u.Network, u.Link])
        .Gauge("weft_uplink_up", "", "1 when the outer link is there and has carrier.", u => u.Carrier ? 1 : 0)
        .Counter("weft_uplink_receive_bytes", "bytes", "Bytes received on the outer link, of all who use it.", u => u.Statistics?.RxBytes)
        .Counter("weft_uplink_transmit_bytes", "bytes", "Bytes sent on the outer link, by all who use it.", u => u.Statistics?.TxBytes)
        .Counter("weft_uplink_receive_dropped", "", "Frames received well on the outer link and dropped.", u => u.Statistics?.RxDropped)
        .Counter("weft_uplink_transmit_dropped", "", "Frames dropped before they were sent on the outer link.", u => u.Statistics?.TxDropped)
        .Counter("weft_uplink_errors", "", "Frames received bad, or not sent, on the outer link.", u => u.Statistics?.RxErrors + (double?)u.Statistics?.TxErrors);

    private static MetricTable<PortFigures> Ports() => new MetricTable<PortFigures>(["project", "network", "machine", "tap"], s => s.Ports, p => [p.Project, p.Network, p.Machine, p.Tap])
        .Gauge("weft_port_up", "", "1 when a machine has the port open.", p => p.State == "up" ? 1 : 0)
        .Gauge("weft_port_fault", "", "1 when the port is missing, down, or not on its bridge: no machine can use it.", p => p.State is "up" or "waiting" ? 0 : 1)
        .Counter("weft_port_receive_bytes", "bytes", "Bytes that came from the machine.", p => p.Link?.RxBytes)
        .Counter("weft_port_transmit_bytes", "bytes", "Bytes that went to the machine.", p => p.Link?.TxBytes)
        .Counter("weft_port_receive_packets", "", "Frames that came from the machine.", p => p.Link?.RxPackets)
        .Counter("weft_port_transmit_packets", "", "Frames that went to the machine.", p => p.Link?.TxPackets)
        .Counter("weft_port_receive_dropped", "", "Frames from the machine that the tap dropped.", p => p.Link?.RxDropped)
        .Counter("weft_port_transmit_dropped", "", "Frames for the machine that were dropped because it did not fetch them.", p => p.Link?.TxDropped)
        .Counter("weft_port_spoofed_packets", "", "Frames from the machine that were dropped because it may not send them.", p => p.Spoofed?.Packets)
        .Counter("weft_port_spoofed_bytes", "bytes", "Bytes of those frames.", p => p.Spoofed?.Bytes);

    private static MetricTable<ForwardStatus> Forwards() => new MetricTable<ForwardStatus>(["project", "network", "listen", "to"], s => s.Forwards, f => [f.Project, f.Network, f.Listen, f.To])
        .Counter("weft_forward_connections", "", "Connections that were led through the forward or floating address.", f => f.Connections)
        .Counter("weft_forward_packets", "", "Packets of the forward's target, both directions, of all forwards that lead there.", f => f.Packets)
        .Counter("weft_forward_bytes", "bytes", "Bytes of those packets.", f => f.Bytes);

    private static MetricTable<SubnetFigures> Subnets() => new MetricTable<SubnetFigures>(["project", "network", "subnet"], s => s.Subnets, s => [s.Project, s.Network, s.Subnet])
        .Gauge("weft_subnet_addresses_allocated", "", "Addresses of the subnet that are given to ports.", s => s.Allocated)
        .Gauge("weft_subnet_addresses_free", "", "Addresses of the subnet that are left for ports.", s => s.Free)
        .Gauge("weft_subnet_dynamic_addresses", "", "Addresses of the range for machines that nobody declared.", s => s.Dynamic)
        .Gauge("weft_subnet_dynamic_leases", "", "DHCP leases that hold in that range.", s => s.DynamicLeases);

    private static MetricTable<DropFigures> Drops() => new MetricTable<DropFigures>(["reason"], s => s.Drops, d => [d.Reason])
        .Counter("weft_policy_dropped_packets", "", "Packets that the packet policy dropped: spoofed, beyond a forward's limits, refused, of no connection, or of a link that no port is known for.", d => d.Count.Packets)
        .Counter("weft_policy_dropped_bytes", "bytes", "Bytes of those packets.", d => d.Count.Bytes);
}
