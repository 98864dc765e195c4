using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Engine.Documents;
using Weft.Engine.Status;

namespace Weft.Engine.Service;

/// <summary>Reads what show shows; each part of the kernel once.</summary>
internal static class StateReader
{
    internal static ShowDocument Read(WeftEngine engine, ShowParts parts, string? project, string? netns)
    {
        bool Wants(ShowParts p) => (parts & p) != 0;
        var status = engine.Status();
        var networks = status.Networks.Where(n => project is null || n.Declared.Project == project).ToImmutableArray();
        var ports = status.Ports.Where(p => project is null || p.Declared.Project == project).ToImmutableArray();
        return new ShowDocument
        {
            Ok = true,
            Diagnostics = [],
            Networks = Wants(ShowParts.Networks) ? [.. networks.Select(Network)] : null,
            Ports = Wants(ShowParts.Ports) ? [.. ports.Select(p => PortStateDocument.Of(p, netns))] : null,
            Leases = Wants(ShowParts.Leases) ? Leases(engine, networks, project) : null,
            Addresses = Wants(ShowParts.Addresses) ? [.. ports.SelectMany(Addresses)] : null,
            Forwards = Wants(ShowParts.Forwards) ? [.. engine.Forwards().Where(f => project is null || f.Project == project).Select(Forward)] : null,
            Open = OpenDocument.Of(engine.Store.Open()),
        };
    }

    private static NetworkDocument Network(NetworkStatus n) => new(n.Declared.Project, n.Declared.Network, n.Declared.Mode, n.Declared.Bridge, n.Declared.Mac.ToString(), n.State, n.Mtu,
        [.. n.Declared.Subnets.Select(s => s.ToString())], n.Declared.Uplinks, [.. n.Addresses.Select(a => a.ToString())], n.Ports, n.PortsUp);

    private static ImmutableArray<LeaseDocument> Leases(WeftEngine engine, ImmutableArray<NetworkStatus> networks, string? project)
    {
        var projects = networks.ToDictionary(n => n.Declared.Bridge, n => n.Declared.Project);
        return [.. engine.Leases().Where(l => project is null || projects.ContainsKey(l.Link)).Select(l => Lease(l, projects.GetValueOrDefault(l.Link)))];
    }

    private static LeaseDocument Lease(Dhcp.DhcpLease l, string? project) =>
        new(l.Address.ToString(), Words.OrNull(l.Name), project, Words.OrNull(l.Network), Words.OrNull(l.Link), l.Mac?.ToString(), Words.OrNull(l.ClientId), l.Expires);

    private static IEnumerable<AddressDocument> Addresses(PortStatus p) => p.Declared.Addresses.Union(p.Seen.Where(a => !a.IsIPv6LinkLocal)).Select(a =>
        new AddressDocument(a.ToString(), p.Declared.Machine, p.Declared.Project, p.Declared.Network, p.Declared.Mac.ToString(), p.Declared.Since, p.Seen.Contains(a)) { Given = p.Declared.Addresses.Contains(a), Source = Source(p, a) });

    private static string Source(PortStatus p, IPAddress a) => p.Declared.Addresses.Contains(a) ? "weft" : p.Leased.Contains(a) ? "dhcp" : a.AddressFamily == AddressFamily.InterNetwork ? "arp" : "nd";

    private static ForwardDocument Forward(ForwardStatus f) => new(f.Project, f.Network, f.Listen, f.To, f.Connections, f.Packets, f.Bytes);
}
