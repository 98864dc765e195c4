using System.Net.ServerSentEvents;
using System.Text.Json;
using Weft.Engine.Events;

namespace Weft.Cli.Remote;

/// <summary>The events of a daemon.</summary>
/// <param name="daemon">The daemon.</param>
internal sealed class RemoteEvents(DaemonClient daemon) : IEventSource
{
    private const string Lost = "lost";

    public IEnumerable<SourcedEvent> Read(EventCursor? after, bool follow, CancellationToken stop)
    {
        var path = new Query("/v1/events").With("after", after?.ToString() ?? "start").With("follow", follow ? "true" : "false");
        using var stream = daemon.Open($"{path}", "text/event-stream");
        using var end = stop.Register(stream.Dispose);
        var (events, lost) = (SseParser.Create(stream).Enumerate().GetEnumerator(), (long?)0);
        while (Next(events, stop) is { } e)
        {
            if (e.EventType == Lost) lost = Missed(e.Data);
            else if (e.Data.Length > 0) yield return new(daemon.Understood(() => WeftEvent.Parse(e.Data)), lost);
            if (e.EventType != Lost) lost = 0;
        }
    }

    // Whoever is stopped reads of a stream that is closed.
    private SseItem<string>? Next(IEnumerator<SseItem<string>> events, CancellationToken stop)
    {
        try
        {
            return events.MoveNext() ? events.Current : null;
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is IOException or ObjectDisposedException)
        {
            return null;
        }
        catch (HttpIOException e)
        {
            throw new IOException($"weftd of {daemon.Name} is gone: {e.Message}", e);
        }
    }

    private static long? Missed(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.TryGetProperty(Lost, out var n) && n.ValueKind == JsonValueKind.Number ? n.GetInt64() : null;
    }
}
