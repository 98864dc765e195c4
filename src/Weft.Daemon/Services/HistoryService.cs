using Weft.Engine;
using Weft.Engine.Events;
using Weft.Engine.Store;

namespace Weft.Daemon.Services;

/// <summary>Tells of the changes that the history gets, by this daemon or by a command beside it.</summary>
internal sealed class HistoryService
{
    private readonly EnginePaths _paths;
    private readonly EventLog _log;
    private EventCursor _last;

    /// <summary>Changes from now on are told.</summary>
    /// <exception cref="IOException">The database cannot be opened.</exception>
    internal HistoryService(EnginePaths paths, EventLog log)
    {
        (_paths, _log) = (paths, log);
        using var store = new WeftStore(paths.Database);
        _last = new(HistoryEvents.Epoch, store.Revisions(null, 1) is [var newest] ? newest.Id : 0);
    }

    internal void Start(ServiceThreads threads) => threads.Start("history", Run);

    // Who repairs drift and who sees to machines' links tell more about what they did than the history has.
    private static bool IsTold(EventKind kind) => kind is EventKind.Repaired or EventKind.PortState;

    private void Run(CancellationToken stop)
    {
        using var store = new WeftStore(_paths.Database);
        foreach (var e in new HistoryEvents(store, _paths.Database).Read(_last, follow: true, stop))
        {
            if (!IsTold(e.Event.What.Kind)) _log.Add(e.Event.What);
            _last = e.Event.Cursor;
        }
    }
}
