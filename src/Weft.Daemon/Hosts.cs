using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Engine.Service;

namespace Weft.Daemon;

/// <summary>The host, as the threads of the daemon reach it: one that looks, so that nobody waits to look while another acts, and one that acts.</summary>
internal sealed class Hosts(DaemonOptions options) : IDisposable
{
    private const int MostLooks = 1024, MostChanges = 64; // waiting: more would be told so late that their clients have gone

    private readonly HostThread _looks = new("looks", options.NetNs, MostLooks), _changes = new("acts", options.NetNs, MostChanges);

    /// <summary>What was just told of the host's state.</summary>
    internal StateCache State { get; } = new(options.Paths, TimeProvider.System);

    /// <summary>Looks.</summary>
    internal Task<T> Look<T>(Caller caller, Func<IWeftHost, T> job, CancellationToken stop) => _looks.Run(() => job(Of(caller, null)), stop);

    /// <summary>Acts. What was begun is ended, also when nobody waits for it any more.</summary>
    internal Task<T> Act<T>(Caller caller, Func<IWeftHost, T> job, CancellationToken stop, IApplyObserver? observer = null) => _changes.Run(() => job(Of(caller, observer)), stop);

    /// <summary>The thread that acts takes a job: it lives.</summary>
    internal Task Alive() => _changes.Run(() => true, CancellationToken.None);

    public void Dispose()
    {
        _changes.Dispose();
        _looks.Dispose();
    }

    private EngineHost Of(Caller caller, IApplyObserver? observer) => new(options.Engine(caller.Name) with { Observer = observer });
}
