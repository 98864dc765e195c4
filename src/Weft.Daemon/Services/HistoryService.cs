using Weft.Engine;
using Weft.Engine.Events;
using Weft.Engine.Store;

namespace Weft.Daemon.Services;

/// <summary>Tells of the changes that the history gets, by this daemon or by a command beside it.</summary>
internal sealed class HistoryService
{
    private readonly DaemonOptions _options;
    private readonly EventLog _log;
    private EventCursor? _last;

    /// <summary>Changes from now on are told; where the history cannot be read yet, those after it can.</summary>
    internal HistoryService(DaemonOptions options, EventLog log)
    {
        (_options, _log) = (options, log);
        try
        {
            using var engine = Open();
            _last = Newest(engine.Store);
        }
        catch (IOException) // its thread says so
        {
        }
    }

    internal void Start(ServiceThreads threads) => threads.Start("history", Run);

    // Who repairs drift and who sees to machines' links tell more about what they did than the history has.
    private static bool IsTold(EventKind kind) => kind is EventKind.Repaired or EventKind.PortState;

    private void Run(CancellationToken stop)
    {
        using var engine = Open();
        foreach (var e in engine.Events().Read(_last ??= Newest(engine.Store), follow: true, stop))
        {
            if (!IsTold(e.Event.What.Kind)) _log.Add(e.Event.What);
            _last = e.Event.Cursor;
        }
    }

    // A damaged database is restored by who opens it.
    private WeftEngine Open() => WeftEngine.ToServe(_options.Engine(DaemonOptions.Itself));

    private static EventCursor Newest(WeftStore store) => new(HistoryEvents.Epoch, store.Revisions(null, 1) is [var newest] ? newest.Id : 0);
}
