using System.Text;

namespace Weft.Daemon.Http;

/// <summary>An answer that goes on: server-sent events (HTML, section 9.2).</summary>
internal sealed class EventStream
{
    internal const string MediaType = "text/event-stream";
    private readonly HttpContext _http;

    private EventStream(HttpContext http) => _http = http;

    /// <summary>Begins the answer, so that the client knows it was heard.</summary>
    internal static async Task<EventStream> Begin(HttpContext http)
    {
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        return new EventStream(http);
    }

    /// <summary>Sends one event.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="json">Its data, which has no line breaks.</param>
    /// <param name="id">Where to go on after a break; null for none.</param>
    internal async Task Send(string name, ReadOnlyMemory<byte> json, string? id = null)
    {
        var head = Encoding.UTF8.GetBytes($"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: ");
        await _http.Response.Body.WriteAsync((byte[])[.. head, .. json.Span, (byte)'\n', (byte)'\n'], _http.RequestAborted);
        await _http.Response.Body.FlushAsync(_http.RequestAborted);
    }
}
