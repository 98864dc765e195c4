using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Engine.Drivers;
using Weft.Engine.Store;
using Weft.Linux.Libc;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Engine.Machines;

/// <summary>
/// Hears what DHCP servers beyond the uplinks of bridges give to machines, and writes it down for whoever shows addresses. It tells no packet where to go: late, stopped or lied
/// to by somebody on the LAN, it does no harm.
/// </summary>
/// <param name="options">Where and for whom. <see cref="Run"/> is called by a thread in that network namespace.</param>
public sealed class LeaseWatch(EngineOptions options) : IDisposable
{
    // However much the LAN says, it costs a look into the database and a file a second; what comes meanwhile waits in the sockets.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly EventSignal _wake = new();
    private readonly Dictionary<int, (LinkInfo Link, LinkTag Network, DhcpListener Listener)> _ports = [];

    /// <summary>Listens until it is stopped.</summary>
    /// <param name="ready">Called when it listens on all that is there.</param>
    /// <param name="stop">Ends it; what was heard stays.</param>
    /// <exception cref="IOException">The kernel gives no socket, or the database or the file cannot be read or written.</exception>
    public void Run(Action ready, CancellationToken stop)
    {
        using var registration = stop.Register(_wake.Set);
        using var route = new RouteSocket();
        using var links = new RouteWatch(RouteGroups.Links); // before looking, so that nothing is missed in between
        var bridges = new WeftBridges(route);
        options.Paths.Prepare();
        Look(route, bridges);
        ready();
        while (!stop.IsCancellationRequested)
        {
            Poll.Any(Timeout.InfiniteTimeSpan, [links.Descriptor, _wake.Descriptor, .. _ports.Values.Select(p => p.Listener.Descriptor)]);
            if (!links.Read(n => Note(bridges, n))) Look(route, bridges);
            if (Hear() is not { Count: > 0 } heard) continue;
            Keep(heard);
            stop.WaitHandle.WaitOne(Rest);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var port in _ports.Values) port.Listener.Dispose();
        _wake.Dispose();
    }

    private void Look(RouteSocket route, WeftBridges bridges)
    {
        var links = route.Links();
        foreach (var gone in _ports.Keys.Except(links.Select(l => l.Index)).ToList()) Leave(gone);
        foreach (var link in links) bridges.Note(link, gone: false);
        foreach (var link in links) Note(bridges, link, gone: false);
    }

    private void Note(WeftBridges bridges, RouteNotice notice)
    {
        if (notice is not { Kind: RouteNoticeKind.Link, Link: { } link }) return;
        bridges.Note(link, notice.Gone);
        Note(bridges, link, notice.Gone);
    }

    // Which port is the uplink is in the database only when the change that makes it is good; machines' links are none of them in any case.
    private void Note(WeftBridges bridges, LinkInfo link, bool gone)
    {
        var network = gone || LinkTag.TryParse(link.Alias, out var tag) && tag.Machine is not null ? null : bridges.Of(link.MasterIndex);
        if (_ports.TryGetValue(link.Index, out var port) && port.Network == network && port.Link.Name == link.Name) return;
        Leave(link.Index);
        if (network is not null) Listen(link, network);
    }

    private void Listen(LinkInfo link, LinkTag network)
    {
        try
        {
            _ports[link.Index] = (link, network, new DhcpListener(link));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENODEV or Errno.ENXIO)
        {
            // It is gone; the kernel tells that too.
        }
    }

    private void Leave(int index)
    {
        if (_ports.Remove(index, out var port)) port.Listener.Dispose();
    }

    // The last of what a client was told counts.
    private Dictionary<(LinkTag Network, string Link, MacAddress Mac, bool IsV4), DhcpAnswer> Hear()
    {
        var heard = new Dictionary<(LinkTag, string, MacAddress, bool), DhcpAnswer>();
        foreach (var (link, network, listener) in _ports.Values)
            foreach (var answer in listener.Read()) heard[(network, link.Name, answer.Client.ToCore(), answer.IsV4)] = answer;
        return heard;
    }

    private void Keep(Dictionary<(LinkTag Network, string Link, MacAddress Mac, bool IsV4), DhcpAnswer> heard)
    {
        using var store = Rescue.OpenUnlocked(options);
        var uplinks = store.Networks.SelectMany(n => n.Uplinks, (n, link) => (n.Project, n.Network, link)).ToHashSet();
        var now = options.Clock.GetUtcNow();
        var known = LanLeases.Read(options.Paths, now);
        foreach (var ((network, link, mac, v4), answer) in heard)
        {
            if (!uplinks.Contains((network.Owner, network.Network, link)) || store.PortsWithMac(network.Owner, network.Network, $"{mac}") is not [_, ..]) continue;
            var others = known.Where(l => (l.Project, l.Network, l.Mac) != (network.Owner, network.Network, mac) || new IpPrefix(l.Address, 0).IsV4 != v4);
            known = [.. others, .. answer.Leases.Select(g => new LanLease(network.Owner, network.Network, mac, g.Address, now + g.Lifetime))];
        }
        LanLeases.Write(options.Paths, known);
    }
}
