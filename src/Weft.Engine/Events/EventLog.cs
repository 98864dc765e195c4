using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Events;

/// <summary>What a reader gets.</summary>
/// <param name="Events">Events in order; part of what all readers share.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Lost">How many events the reader missed before these, because they are kept no more; null when the log began anew and nobody knows.</param>
public readonly record struct EventBatch(ReadOnlyMemory<WeftEvent> Events, EventCursor Next, long? Lost);

/// <summary>
/// The last events of a process, for any number of readers on any thread. Events lie in segments that are written once and shared: a reader gets a
/// view of one, never a copy. All who wait, wait for the same task.
/// </summary>
/// <param name="epoch">Letters and digits that no earlier log of this host had.</param>
/// <param name="clock">Time.</param>
/// <param name="capacity">Events that are kept at least, when there were as many.</param>
public sealed class EventLog(string epoch, TimeProvider clock, int capacity = 16_384)
{
    private const int SegmentSize = 256; // a shared array of 2 kB; the oldest goes as a whole
    private static readonly int s_severities = Enum.GetValues<Severity>().Length;

    private readonly Lock _writing = new();
    private readonly int _most = (capacity + SegmentSize - 1) / SegmentSize + 1;
    private readonly long[] _totals = new long[Enum.GetValues<EventKind>().Length * s_severities];
    private ImmutableArray<WeftEvent[]> _segments = [new WeftEvent[SegmentSize]];
    private long _firstId = 1; // of the first segment
    private long _lastId;
    private TaskCompletionSource _more = NewSignal();

    /// <summary>The place of the last event: a reader that begins here gets what comes.</summary>
    public EventCursor Last
    {
        get { lock (_writing) return new(epoch, _lastId); }
    }

    /// <summary>The place before the first event that is kept.</summary>
    public EventCursor First
    {
        get { lock (_writing) return new(epoch, _firstId - 1); }
    }

    /// <summary>How many events there were, of each kind that there was.</summary>
    public ImmutableArray<EventTotal> Totals
    {
        get
        {
            lock (_writing)
                return [.. _totals.Index().Where(t => t.Item > 0).Select(t => new EventTotal((EventKind)(t.Index / s_severities), (Severity)(t.Index % s_severities), t.Item))];
        }
    }

    /// <summary>Writes an event down and wakes all who wait.</summary>
    public WeftEvent Add(Happening what)
    {
        WeftEvent e;
        TaskCompletionSource waiting;
        lock (_writing)
        {
            e = new(new(epoch, _lastId + 1), clock.GetUtcNow(), what);
            var place = (int)(e.Cursor.Id - _firstId);
            if (place == _segments.Length * SegmentSize) place = Grow(place);
            _segments[place / SegmentSize][place % SegmentSize] = e;
            _totals[(int)what.Kind * s_severities + (int)what.Severity]++;
            _lastId++;
            (waiting, _more) = (_more, NewSignal());
        }
        waiting.SetResult();
        return e;
    }

    /// <summary>The events behind a place, as far as one view holds; none when there are none yet.</summary>
    /// <param name="after">The last event that the reader has. One of another epoch, or none, reads from the first that is kept.</param>
    public EventBatch Read(EventCursor after)
    {
        lock (_writing)
        {
            var known = after.Epoch == epoch && after.Id <= _lastId;
            var from = Math.Max(known ? after.Id + 1 : 0, _firstId);
            var (segment, start) = Math.DivRem((int)(from - _firstId), SegmentSize);
            var count = (int)Math.Min(SegmentSize - start, _lastId + 1 - from);
            return new(count == 0 ? default : _segments[segment].AsMemory(start, count), new(epoch, from + count - 1), known ? from - after.Id - 1 : null);
        }
    }

    /// <summary>Ends when there is an event behind a place.</summary>
    /// <param name="after">As in <see cref="Read"/>.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task WaitAsync(EventCursor after, CancellationToken stop)
    {
        lock (_writing)
            return after.Epoch == epoch && after.Id == _lastId ? _more.Task.WaitAsync(stop) : Task.CompletedTask;
    }

    private int Grow(int place)
    {
        _segments = _segments.Add(new WeftEvent[SegmentSize]);
        if (_segments.Length <= _most) return place;
        _segments = _segments.RemoveAt(0);
        _firstId += SegmentSize;
        return place - SegmentSize;
    }

    // Readers go on on threads of their own: the writer must not run them.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
