using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Core.Model;
using Weft.Engine.Store;
using Weft.Linux.Libc;
using Weft.Linux.Processes;
using Weft.Linux.Route;
using Weft.Linux.Tap;

namespace Weft.Engine.Machines;

/// <summary>
/// Gives the links that hypervisors put on Weft's bridges the ports of their machines, and takes them back when the links leave. It hears of a link from the kernel;
/// of the machine behind it from the link's MAC, the hypervisor's command line, whoever calls <see cref="Hint"/>, and at last from the machine's own frames. Until a port
/// is known the link carries nothing: the bridge's policy does that, not this class, which may come late or be stopped without harm.
/// </summary>
/// <param name="options">Where and for whom. <see cref="Run"/> is called by a thread in that network namespace.</param>
/// <param name="tell">Told what happened, by the thread that runs.</param>
public sealed class MachineWatch(EngineOptions options, Action<MachineEvent> tell) : IDisposable
{
    // While something could not be done, or might be known by a file that somebody applies, it is looked again; people wait that long without asking why.
    private const int AgainMs = 500;
    // Whoever hints knows of the link from the hypervisor, which may be some messages ahead of the kernel's; later it is another link's name.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(5);
    // The ruleset of nftables is changed by others now and then; a change between reading and writing is met once, not three times.
    private const int Tries = 3;

    private readonly ConcurrentQueue<(string Link, GuestIdentity Identity, long At)> _hints = new();
    private readonly EventSignal _wake = new();
    private readonly SpecCache _specs = new();
    private readonly Dictionary<int, WatchedLink> _links = [];
    private WeftEngine? _engine;
    private readonly List<(string Link, GuestIdentity Identity, long At)> _early = []; // of links that the kernel has not told of
    private readonly HashSet<string> _left = []; // links whose port could not be taken back yet

    /// <summary>Somebody knows which machine is behind a link. From any thread.</summary>
    /// <param name="link">Its name.</param>
    /// <param name="identity">What is known.</param>
    public void Hint(string link, GuestIdentity identity)
    {
        _hints.Enqueue((link, identity, Stopwatch.GetTimestamp()));
        _wake.Set();
    }

    /// <summary>Watches until it is stopped.</summary>
    /// <param name="ready">Called when the links that were there have been seen to.</param>
    /// <param name="stop">Ends it; the ports stay.</param>
    /// <exception cref="IOException">The kernel gives no socket.</exception>
    public void Run(Action ready, CancellationToken stop)
    {
        try
        {
            UrgentThread.Run(() => Watch(ready, stop)); // on a busy host a machine that starts would else wait for its network
        }
        finally
        {
            Close();
        }
    }

    private void Watch(Action ready, CancellationToken stop)
    {
        using var registration = stop.Register(_wake.Set);
        using var route = new RouteSocket();
        using var watch = new RouteWatch(RouteGroups.Links); // before looking, so that nothing is missed in between
        using var store = OpenStore();
        var bridges = new WeftBridges(route);
        Look(route, bridges);
        ready();
        var version = store.DataVersion;
        while (!stop.IsCancellationRequested)
        {
            var listening = _links.Values.Where(l => l.Frames is not null).ToList();
            var patience = _left.Count > 0 || _links.Values.Any(IsWaiting) ? TimeSpan.FromMilliseconds(AgainMs) : Timeout.InfiniteTimeSpan;
            var told = Poll.Any(patience, [watch.Descriptor, _wake.Descriptor, .. listening.Select(l => l.Frames!.Descriptor)]);
            var at = Stopwatch.GetTimestamp();
            if (!watch.Read(n => Note(bridges, n, at))) Look(route, bridges);
            foreach (var heard in listening.Where(l => l.Frames is not null && l.Learn())) Decide(heard, at);
            Heed();
            if (!told) foreach (var link in _left.ToList()) Release(link);
            if (!told && (store.DataVersion is var now && now != version || _links.Values.Any(l => l.Again)))
            {
                version = now;
                foreach (var waiting in _links.Values.Where(IsWaiting).ToList()) Decide(waiting, at);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in _links.Values) link.Dispose();
        _wake.Dispose();
    }

    private static bool IsWaiting(WatchedLink l) => l is { Port: null, IsOwn: false };

    private WeftStore OpenStore()
    {
        options.Paths.Prepare();
        return Rescue.OpenUnlocked(options);
    }

    // All that is there, after a start or when messages were lost: ports whose links left, then links that came.
    private void Look(RouteSocket route, WeftBridges bridges)
    {
        var (links, at) = (route.Links(), Stopwatch.GetTimestamp());
        foreach (var link in links) bridges.Note(link, gone: false);
        foreach (var gone in _links.Values.Where(w => !links.Any(l => l.Index == w.Link.Index)).ToList()) Note(bridges, gone.Link, true, at);
        Forget(links.Where(l => bridges.Of(l.MasterIndex) is not null).Select(l => l.Name).ToHashSet());
        foreach (var link in links) Note(bridges, link, gone: false, at);
    }

    private void Forget(HashSet<string> there)
    {
        List<string> gone;
        using (var store = OpenStore()) gone = [.. store.GuestPorts.Select(p => p.Link!).Where(l => !there.Contains(l))];
        foreach (var link in gone) Release(link);
    }

    private bool Release(string link)
    {
        var released = Attempt(null, e => e.ProposeGuestRelease(link, _specs));
        if (released) _left.Remove(link);
        else _left.Add(link);
        return released;
    }

    private void Note(WeftBridges bridges, RouteNotice notice, long at)
    {
        if (notice is { Kind: RouteNoticeKind.Link, Link: { } link }) Note(bridges, link, notice.Gone, at);
    }

    private void Note(WeftBridges bridges, LinkInfo link, bool gone, long at)
    {
        bridges.Note(link, gone);
        var network = gone ? null : bridges.Of(link.MasterIndex);
        if (_links.TryGetValue(link.Index, out var seen) && (network is null || network != seen.Network || link.Name != seen.Link.Name)) Leave(seen, at);
        if (network is null) return;
        if (!_links.TryGetValue(link.Index, out seen)) Arrive(link, network, at);
        else
        {
            seen.Link = link;
            if (seen.Port is not null && link.Alias is null) Lost(seen, at);
        }
    }

    private void Arrive(LinkInfo link, LinkTag network, long at)
    {
        if (LinkTag.TryParse(link.Alias, out var tag) && !tag.Guest) return; // a tap of Weft's, or the VLAN of an uplink
        if (_left.Contains(link.Name)) Release(link.Name); // the name is another link's now
        var seen = _links[link.Index] = new WatchedLink(link, network);
        foreach (var hint in _early.Where(h => h.Link == link.Name)) seen.Identity = hint.Identity.Or(seen.Identity);
        _early.RemoveAll(h => h.Link == link.Name);
        Decide(seen, at);
    }

    // A file that was applied takes the port away, or gives another.
    private void Lost(WatchedLink seen, long at)
    {
        (seen.Port, seen.Told, seen.IsSilenced) = (null, null, true); // taking the port away ends the flooding
        Decide(seen, at);
    }

    private void Leave(WatchedLink seen, long at)
    {
        _links.Remove(seen.Link.Index);
        seen.Dispose();
        if (seen.Port is { } port && Release(seen.Link.Name)) Tell(seen, MachineEventKind.Detached, at, port: port);
    }

    private void Heed()
    {
        _ = _wake.Clear();
        while (_hints.TryDequeue(out var hint))
        {
            if (_links.Values.FirstOrDefault(l => l.Link.Name == hint.Link) is not { } seen)
            {
                _early.Add(hint);
                continue;
            }
            seen.Identity = hint.Identity.Or(seen.Identity);
            if (IsWaiting(seen)) Decide(seen, hint.At);
        }
        _early.RemoveAll(h => Stopwatch.GetElapsedTime(h.At) > Early);
    }

    private void Decide(WatchedLink seen, long at)
    {
        GuestAnswer? answer = null;
        Proposal? Answer(WeftEngine e) => (answer = e.ProposeGuest(seen.Network.Owner, seen.Network.Network, seen.Link.Name, seen.Identity, _specs)).Proposal;
        if (!Attempt(seen, Answer)) return;
        (seen.IsOwn, seen.Port) = (answer!.IsOwn, answer.Port);
        if (seen.Port is not null) Tell(seen, MachineEventKind.Attached, at, port: seen.Port);
        else if (!seen.IsOwn) Unknown(seen, answer, at);
        if (!IsWaiting(seen)) seen.Dispose();
    }

    private void Unknown(WatchedLink seen, GuestAnswer answer, long at)
    {
        if (!seen.Scanned && seen.Link.Tun is not null)
        {
            seen.Scanned = true;
            if (TapOwner.CommandLine(seen.Link.Name) is { } line)
            {
                seen.Identity = QemuCommandLine.Read(line, seen.Link.Name).Or(seen.Identity);
                Decide(seen, at);
                return;
            }
        }
        if (!answer.IsAllowed) Flood(seen, false);
        else if (seen.IsSilenced) Flood(seen, true);
        seen.IsSilenced = !answer.IsAllowed;
        seen.Listen();
        Tell(seen, answer.IsAllowed ? MachineEventKind.Allowed : MachineEventKind.Blocked, at, answer.Why);
    }

    // What one that is blocked sends is dropped by the bridge's policy; what goes to all is not sent to it either.
    private static void Flood(WatchedLink seen, bool on)
    {
        using var route = new RouteSocket();
        if (route.Link(seen.Link.Index) is not { Port: { } port } link || link.MasterIndex != seen.Link.MasterIndex || link.Alias is not null) return;
        if (port.UnicastFlood == on && port.MulticastFlood == on && port.BroadcastFlood == on) return;
        var wanted = new BridgePortOptions { UnicastFlood = on, MulticastFlood = on, BroadcastFlood = on };
        _ = route.TryExecute(new RouteBatch().SetLink(link, new LinkSettings { Port = wanted })); // refused when it has just left
    }

    private bool Attempt(WatchedLink? seen, Func<WeftEngine, Proposal?> propose)
    {
        var why = "";
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                _engine ??= WeftEngine.ToServe(options);
                why = _engine.Hold($"port of {seen?.Link.Name}", () => Act(_engine, propose));
                if (why.Length == 0) break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Close();
                why = e.Message; // told, and tried again
            }
        }
        if (seen is null) return why.Length == 0;
        seen.Again = why.Length > 0;
        if (seen.Again) Tell(seen, MachineEventKind.Failed, Stopwatch.GetTimestamp(), why);
        return !seen.Again;
    }

    private static string Act(WeftEngine engine, Func<WeftEngine, Proposal?> propose)
    {
        if (engine.Waiting is { } open) return $"a change of project {open.Change.Project} waits to be confirmed";
        if (propose(engine) is not { Succeeded: true, IsEmpty: false } proposal) return "";
        return engine.Apply(proposal) is { Kind: not OutcomeKind.Committed and not OutcomeKind.Nothing } outcome ? outcome.Why : "";
    }

    private void Close()
    {
        _engine?.Dispose();
        _engine = null;
    }

    private void Tell(WatchedLink seen, MachineEventKind kind, long at, string why = "", Core.Ipam.PortAllocation? port = null)
    {
        if (seen.Told == (kind, why)) return;
        seen.Told = (kind, why);
        tell(new(kind, seen.Link.Name, seen.Network.Owner, seen.Network.Network, port, why, Stopwatch.GetElapsedTime(at)));
    }
}
