using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Engine.Documents;
using Weft.Engine.Events;
using Weft.Engine.Metrics;
using Weft.Engine.Service;

namespace Weft.Daemon;

/// <summary>The host, as the threads of the daemon reach it: one that looks, so that nobody waits to look while another acts, and one that acts.</summary>
internal sealed class Hosts(DaemonOptions options, EventLog log) : IDisposable
{
    private const int MostLooks = 1024, MostChanges = 64, MostPorts = 256; // waiting: more would be told so late that their clients have gone

    private readonly HostThread _looks = new("looks", options.NetNs, MostLooks), _changes = new("acts", options.NetNs, MostChanges);

    private readonly EngineKeeper _keeper = new(); // of the thread that acts
    private readonly List<(PortChange Change, CancellationToken Stop)> _ports = []; // that wait for the thread that acts
    private WeftEngine? _meter; // of the thread that looks

    /// <summary>What was just told of the host's state.</summary>
    internal StateCache State { get; } = new(new StoreVersion(options.Paths), TimeProvider.System);

    /// <summary>Looks.</summary>
    internal Task<T> Look<T>(Caller caller, Func<IWeftHost, T> job, CancellationToken stop) => _looks.Run(() => job(new EngineHost(options.Engine(caller.Name))), stop);

    /// <summary>Acts. What was begun is ended, also when nobody waits for it any more.</summary>
    internal Task<T> Act<T>(Caller caller, Func<IWeftHost, T> job, CancellationToken stop, IApplyObserver? observer = null, Action? stir = null) =>
        _changes.Run(() => job(new EngineHost(options.Engine(caller.Name) with { Observer = observer, Stir = stir ?? (() => { }), Keeper = _keeper })), stop);

    /// <summary>Makes a port's change, together with all others that wait when its turn has come.</summary>
    /// <exception cref="BusyException">Too many wait already.</exception>
    internal Task<ChangeDocument> Join(Caller caller, ChangeRequest request, IChangeClient client, CancellationToken stop)
    {
        var change = new PortChange(request, caller.Name, client);
        lock (_ports)
        {
            if (_ports.Count == MostPorts) throw new BusyException();
            if (_ports.Count == 0) _ = _changes.Run(MakePorts, CancellationToken.None);
            _ports.Add((change, stop));
        }
        return change.Done;
    }

    private bool MakePorts()
    {
        List<(PortChange Change, CancellationToken Stop)> all;
        lock (_ports)
        {
            all = [.. _ports];
            _ports.Clear();
        }
        foreach (var (change, stop) in all.Where(p => p.Stop.IsCancellationRequested)) change.Cancel(stop);
        PortChange[] wanted = [.. all.Select(p => p.Change).Where(c => !c.Done.IsCompleted)];
        if (wanted.Length > 0) new EngineHost(options.Engine(DaemonOptions.Itself) with { Keeper = _keeper }).Change(wanted);
        return true;
    }

    /// <summary>All figures at this moment.</summary>
    internal Task<MetricsSnapshot> Figures() => _looks.Run(Measure, CancellationToken.None);

    /// <summary>The thread that acts takes a job: it lives.</summary>
    internal Task Alive() => _changes.Run(() => true, CancellationToken.None);

    public void Dispose()
    {
        _changes.Dispose();
        _looks.Dispose();
        _meter?.Dispose();
        _keeper.Dispose();
        options.Copy.Dispose();
        State.Dispose();
    }

    // It counts the history only as far as that has grown; what it could not read it opens anew.
    private MetricsSnapshot Measure()
    {
        _meter ??= WeftEngine.ToServe(options.Engine(DaemonOptions.Itself));
        var figures = _meter.Metrics() with { Events = log.Totals };
        if (figures.Sources.All(s => s.Fault is null)) return figures;
        _meter.Dispose();
        _meter = null;
        return figures;
    }
}
