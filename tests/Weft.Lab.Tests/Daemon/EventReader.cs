using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>A listener to the daemon's events.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1); // of a busy machine
    private readonly Stream _stream;
    private readonly StreamReader _reader;
    private readonly HttpResponseMessage _answer;

    private EventReader(HttpResponseMessage answer, Stream stream) => (_answer, _stream, _reader) = (answer, stream, new StreamReader(stream, Encoding.UTF8));

    /// <summary>The cursor of the last event that was read.</summary>
    internal string Last { get; private set; } = "";

    /// <summary>Begins to listen.</summary>
    internal static async Task<EventReader> Listen(DaemonLab lab, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events{query}");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = (await lab.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new EventReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event of a kind whose message has this in it; those before it are passed over.</summary>
    internal async Task<JsonElement> Next(string kind, string text = "")
    {
        var others = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var e = await Next(patience.Token);
                if (e.GetProperty("kind").GetString() == kind && e.GetProperty("message").GetString()!.Contains(text, StringComparison.Ordinal)) return e;
                others.Add(e.GetProperty("message").GetString()!);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {kind} '{text}' but\n{string.Join('\n', others)}");
        }
    }

    private async Task<JsonElement> Next(CancellationToken stop)
    {
        while (await _reader.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) Last = line[4..];
            if (line.StartsWith("data: {\"cursor\"", StringComparison.Ordinal)) return JsonDocument.Parse(line[6..]).RootElement.Clone();
        }
        throw new EndOfStreamException("the stream ended");
    }

    /// <summary>A listener that is only a socket, to read from or not; its answer has begun.</summary>
    internal static async Task<Socket> Raw(DaemonLab lab)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(lab.Socket));
        await socket.SendAsync("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await socket.ReceiveAsync(new byte[15]); // HTTP/1.1 200 OK
        return socket;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _answer.Dispose();
    }
}
