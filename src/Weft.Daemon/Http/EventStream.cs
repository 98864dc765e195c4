using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Weft.Daemon.Http;

/// <summary>An answer that goes on: server-sent events (HTML, section 9.2).</summary>
internal sealed class EventStream
{
    internal const string MediaType = "text/event-stream";

    // What waits for a client is in this process's memory. One that takes nothing for so long is gone or stuck; it can come again where it was.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpContext _http;

    private EventStream(HttpContext http) => _http = http;

    private PipeWriter Out => _http.Response.BodyWriter;

    /// <summary>Begins the answer, so that the client knows it was heard.</summary>
    internal static async Task<EventStream> Begin(HttpContext http)
    {
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-store";
        var stream = new EventStream(http);
        await stream.Flush();
        return stream;
    }

    /// <summary>Sends one event.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="json">Its data, which has no line breaks.</param>
    /// <exception cref="TimeoutException">The client does not read.</exception>
    internal Task Send(string name, ReadOnlyMemory<byte> json)
    {
        Put(name, json.Span);
        return Flush();
    }

    /// <summary>Puts an event among those that the next <see cref="Flush"/> sends.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="json">Its data, which has no line breaks.</param>
    /// <param name="id">Where to go on after a break; null for none.</param>
    internal void Put(string name, ReadOnlySpan<byte> json, string? id = null)
    {
        Encoding.UTF8.GetBytes($"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: ", Out);
        Out.Write(json);
        Out.Write("\n\n"u8);
    }

    /// <summary>Tells the client where it is, though there is nothing for it: also whether it still listens.</summary>
    internal void PutPlace(string id) => Encoding.UTF8.GetBytes($"id: {id}\n\n", Out);

    /// <summary>Sends what was put.</summary>
    /// <exception cref="TimeoutException">The client does not read.</exception>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    internal async Task Flush()
    {
        var sent = Out.FlushAsync(_http.RequestAborted);
        if (!sent.IsCompletedSuccessfully) await sent.AsTask().WaitAsync(Patience);
        _http.RequestAborted.ThrowIfCancellationRequested();
    }
}
