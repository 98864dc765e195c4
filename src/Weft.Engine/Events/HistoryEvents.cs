using Weft.Engine.Documents;
using Weft.Engine.Store;

namespace Weft.Engine.Events;

/// <summary>The history of a host as events: its cursors are revisions and hold for ever. Whoever follows is woken by the database itself.</summary>
/// <param name="store">The store.</param>
/// <param name="database">Its file.</param>
public sealed class HistoryEvents(WeftStore store, string database) : IEventSource
{
    /// <summary>The epoch of its cursors.</summary>
    public const string Epoch = "history";

    /// <inheritdoc/>
    public IEnumerable<SourcedEvent> Read(EventCursor? after, bool follow, CancellationToken stop)
    {
        using var watch = follow ? new DatabaseWatch(database) : null; // before the first look, so that nothing is missed in between
        var known = after is null or { Epoch: Epoch };
        for (var last = after is { Epoch: Epoch } cursor ? cursor.Id : 0; ;)
        {
            foreach (var r in store.RevisionsAfter(last))
            {
                yield return new(Of(r), known ? 0 : null);
                (last, known) = (r.Id, true);
            }
            if (watch is null || !watch.Wait(stop)) yield break;
            store.AwaitWriter();
        }
    }

    /// <summary>A revision as an event.</summary>
    public static WeftEvent Of(RevisionRow r) => new(new(Epoch, r.Id), r.At, new Happening(Kind(r), Words(r)) { Project = r.Project, Network = r.Network, Object = r.Machine, User = r.User, Revision = r.Id });

    private static EventKind Kind(RevisionRow r) => r switch
    {
        { Verb: "restore" } => EventKind.Error,
        { Result: not "committed" } => EventKind.Undone,
        { Verb: "port add" } => EventKind.PortAdded,
        { Verb: "port rm" } => EventKind.PortRemoved,
        { Verb: "destroy" } => EventKind.Destroyed,
        { Verb: "port attach" or "port detach" } => EventKind.PortState,
        { Verb: "repair" } => EventKind.Repaired,
        _ => EventKind.Applied,
    };

    private static string Words(RevisionRow r) => $"{(r.Verb is "apply" or "rollback" || r.Machine is not null ? RevisionDocument.Of(r).Subject : r.Verb)} by {r.User}{(r.Result is "committed" or "restored" ? "" : $" {r.Result}")}: {r.Summary}";
}
