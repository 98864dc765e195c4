using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Engine.Documents;

namespace Weft.Cli.Remote;

/// <summary>Requests to a daemon, and its answers.</summary>
/// <param name="name">The host, for people.</param>
/// <param name="http">The way there.</param>
internal sealed class DaemonClient(string name, HttpClient http) : IDisposable
{
    /// <summary>The host, for people.</summary>
    internal string Name => name;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5); // who it is a daemon says at once, whatever else it does

    /// <summary>Whether it says who it is.</summary>
    internal bool Answers()
    {
        using var stop = new CancellationTokenSource(s_patience);
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/version"), stop.Token);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks for something. What was refused is the document that says why.</summary>
    /// <exception cref="IOException">The daemon cannot be reached, or refuses for a reason that is no diagnostic.</exception>
    internal Document Ask<T>(HttpMethod method, string path, JsonTypeInfo<T> type, HttpContent? body = null) where T : Document
    {
        using var answer = Send(new HttpRequestMessage(method, path) { Content = body });
        using var stream = answer.Content.ReadAsStream();
        return answer.IsSuccessStatusCode ? Understood(() => JsonSerializer.Deserialize(stream, type)) : Refused(answer, stream);
    }

    /// <summary>Asks for something that is told as it goes: each event with its name and data.</summary>
    /// <exception cref="IOException">The daemon cannot be reached, or refuses for a reason that is no diagnostic, or is gone before the end.</exception>
    internal Document Follow(HttpMethod method, string path, HttpContent? body, Func<string, string, Document?> heard)
    {
        using var answer = Send(new HttpRequestMessage(method, path) { Content = body, Headers = { { "Accept", "text/event-stream" } } });
        using var stream = answer.Content.ReadAsStream();
        if (!answer.IsSuccessStatusCode) return Refused(answer, stream);
        try
        {
            foreach (var e in SseParser.Create(stream).Enumerate())
                if (heard(e.EventType, e.Data) is { } end) return end;
        }
        catch (HttpIOException e)
        {
            throw new IOException($"weftd of {name} is gone: {e.Message}", e);
        }
        throw new IOException($"weftd of {name} went away before it said how this ended: what it had begun is ended or taken back; weft history tells");
    }

    /// <summary>Follows a text that goes on.</summary>
    /// <exception cref="IOException">The daemon cannot be reached, or refuses.</exception>
    internal Stream Open(string path, string accept)
    {
        var answer = Send(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } });
        var stream = answer.Content.ReadAsStream();
        if (answer.IsSuccessStatusCode) return stream;
        var refused = Refused(answer, stream);
        throw new IOException($"{name}: {refused.Diagnostics.FirstOrDefault()?.Message}");
    }

    /// <summary>The document that a problem stands for.</summary>
    /// <exception cref="IOException">It has no diagnostics.</exception>
    internal Document Refused(ProblemDocument problem)
    {
        if (problem.Change is { } change) return change;
        return problem.Diagnostics.IsDefaultOrEmpty ? throw new IOException($"{name}: {problem.Detail}") : new Document { Ok = false, Diagnostics = problem.Diagnostics };
    }

    public void Dispose() => http.Dispose();

    private Document Refused(HttpResponseMessage answer, Stream stream) => answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
        ? Refused(Understood(() => JsonSerializer.Deserialize(stream, DocumentJson.Default.ProblemDocument)))
        : throw new IOException($"{name} answers {(int)answer.StatusCode} {answer.ReasonPhrase}: is that weftd?");

    /// <summary>What a daemon says, read.</summary>
    /// <exception cref="IOException">It says what is not understood.</exception>
    internal T Understood<T>(Func<T?> read)
    {
        try
        {
            return read() ?? throw new IOException($"weftd of {name} answered null");
        }
        catch (JsonException e)
        {
            throw new IOException($"weftd of {name} answers what is not understood: is it of another version? {e.Message}", e);
        }
    }

    private HttpResponseMessage Send(HttpRequestMessage request)
    {
        try
        {
            return http.Send(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"weftd of {name}: {Why(e)}", e);
        }
    }

    private static string Why(Exception e) => e.InnerException is { } inner ? Why(inner) : e.Message;
}
