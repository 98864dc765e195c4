using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine.Events;

namespace Weft.Daemon.Endpoints;

/// <summary>What happens, told as it happens.</summary>
/// <param name="log">The events.</param>
/// <param name="ending">The daemon ends, and with it all streams.</param>
internal sealed class EventEndpoints(EventLog log, CancellationToken ending)
{
    // Proxies commonly end what is silent for a minute.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private const string Lost = "lost", All = "start";

    internal ImmutableArray<ApiEndpoint> Endpoints =>
    [
        new("GET", "/v1/events", Role.Viewer, "What happens, as it happens (server-sent events); goes on until the client leaves. Where events are kept no more, an event 'lost' comes first", Stream)
        {
            Parameters =
            [
                new("after", $"The cursor of the last event that is known, as the header Last-Event-ID; '{All}' for all that are kept; what comes from now on when left out"),
                LookEndpoints.OfProject,
                new("follow", "false: end with what is kept", "boolean"),
            ],
            MediaType = EventStream.MediaType,
        },
    ];

    private async Task Stream(ApiCall call)
    {
        var (project, place, follow) = (call.Project(), Begin(call), call.Flag("follow", otherwise: true));
        if (project is not null && await call.Look(h => h.History(project, 1)) is { Ok: false } unknown) throw new ProblemException(Problem.Of(ProblemStatus.Of(unknown), unknown));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, ending);
        var stream = await EventStream.Begin(call.Http);
        if (HttpMethods.IsHead(call.Http.Request.Method)) return;
        while (!stop.IsCancellationRequested)
        {
            var batch = log.Read(place);
            call.DemandStill();
            Put(stream, batch, e => IsFor(call.Caller, e) && (project is null || e.Project == project));
            place = batch.Next;
            await stream.Flush();
            if (batch.Events.IsEmpty && !follow) return;
            if (batch.Events.IsEmpty && !await Comes(place, stop.Token)) stream.PutPlace($"{place}");
        }
    }

    private static void Put(EventStream stream, EventBatch batch, Func<Happening, bool> wanted)
    {
        if (batch.Lost != 0) stream.Put(Lost, Encoding.UTF8.GetBytes($"{{\"lost\":{batch.Lost?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}}}"));
        foreach (var e in MemoryMarshal.ToEnumerable(batch.Events))
            if (wanted(e.What)) stream.Put(EventNames.Of(e.What.Kind), e.Json.Span, e.Cursor.ToString());
    }

    // False when nothing came for so long that the client should hear something all the same.
    private async Task<bool> Comes(EventCursor place, CancellationToken stop)
    {
        var comes = log.WaitAsync(place, stop);
        await comes.WaitAsync(Silence, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return comes.IsCompleted;
    }

    // Who has business with some projects only is told of those; who did what is for admins, as the audit log is.
    private static bool IsFor(Caller caller, Happening e) =>
        (e.Project is null ? caller.Projects is null : caller.Sees(e.Project)) && (e.Kind != EventKind.Audit || caller.Role == Role.Admin);

    private EventCursor Begin(ApiCall call) => (call.Query("after") ?? call.Http.Request.Headers["Last-Event-ID"].ToString()) switch
    {
        "" => log.Last,
        All => log.First,
        var text => EventCursor.TryParse(text, out var cursor) ? cursor
            : throw new ProblemException(StatusCodes.Status400BadRequest, $"parameter after: '{text}' is no cursor of an event"),
    };
}
