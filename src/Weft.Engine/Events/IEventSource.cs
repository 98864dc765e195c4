namespace Weft.Engine.Events;

/// <summary>Where a follower gets events from: the history of a host, or the log of a daemon.</summary>
public interface IEventSource
{
    /// <summary>The events behind a place, in order; then, for one who follows, those that come, until it is stopped.</summary>
    /// <param name="after">The last event that is known; null reads all there are.</param>
    /// <param name="follow">Wait for more.</param>
    /// <param name="stop">Ends the waiting; the events end with it.</param>
    /// <exception cref="IOException">The source cannot be read.</exception>
    IEnumerable<SourcedEvent> Read(EventCursor? after, bool follow, CancellationToken stop);
}

/// <summary>An event, and what was missed before it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Lost">How many the reader missed; null when nobody knows, because the log began anew.</param>
public readonly record struct SourcedEvent(WeftEvent Event, long? Lost);
