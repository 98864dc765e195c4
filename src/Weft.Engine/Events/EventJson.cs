using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Events;

/// <summary>An event as programs read it.</summary>
/// <param name="Cursor">As <see cref="EventCursor.ToString"/>.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Kind">What.</param>
/// <param name="Severity">info, warning or error.</param>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Object">What it happened to.</param>
/// <param name="User">Who did it.</param>
/// <param name="Revision">What came of it.</param>
/// <param name="Message">In words.</param>
internal sealed record EventDocument(string Cursor, DateTimeOffset At, EventKind Kind, string Severity, string? Project, string? Network, string? Object, string? User, long? Revision, string Message);

[JsonSerializable(typeof(EventDocument))]
internal sealed partial class EventJson : JsonSerializerContext
{
    // The documents are no part of HTML pages; letters of other alphabets stay readable. Line ends are escaped all the same.
    private static readonly EventJson s_readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    internal static WeftEvent Read(string text)
    {
        var e = JsonSerializer.Deserialize(text, s_readable.EventDocument) ?? throw new JsonException("an event cannot be null");
        if (!EventCursor.TryParse(e.Cursor, out var cursor) || e.Message is null) throw new JsonException("an event has a cursor and a message");
        var severity = Enum.TryParse<Severity>(e.Severity, ignoreCase: true, out var s) ? s : Severity.Info;
        return new(cursor, e.At, new Happening(e.Kind, e.Message) { Severity = severity, Project = e.Project, Network = e.Network, Object = e.Object, User = e.User, Revision = e.Revision });
    }

    internal static byte[] Write(WeftEvent e) => JsonSerializer.SerializeToUtf8Bytes(
        new EventDocument(e.Cursor.ToString(), e.At, e.What.Kind, EventNames.Of(e.What.Severity), e.What.Project, e.What.Network, e.What.Object, e.What.User, e.What.Revision, e.What.Message),
        s_readable.EventDocument);
}

/// <summary>Names of kinds and severities, as documents, labels and log lines have them.</summary>
public static class EventNames
{
    /// <summary>"port-added".</summary>
    public static string Of(EventKind kind) => kind switch
    {
        EventKind.PortAdded => "port-added",
        EventKind.PortRemoved => "port-removed",
        EventKind.PortState => "port-state",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>"warning".</summary>
    public static string Of(Severity severity) => severity.ToString().ToLowerInvariant();
}
