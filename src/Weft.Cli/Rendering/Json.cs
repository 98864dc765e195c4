using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Core.Diagnostics;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>
/// One JSON document per command, on standard output, with the diagnostics always in the same place. A member is always there: what there is none of is null,
/// never "" or 0; a list is always a list.
/// </summary>
internal static class Json
{
    /// <summary>Prints a document.</summary>
    internal static int Print(Document document, int exitCode)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(document, DocumentJson.Indented.GetTypeInfo(document.GetType())!);
        StandardStreams.Write([.. text, (byte)'\n']);
        return exitCode;
    }

    /// <summary>Prints {"ok": ..., "diagnostics": [...], and what the verb adds}.</summary>
    internal static int Print(bool ok, IEnumerable<Diagnostic> diagnostics, int exitCode, Action<Utf8JsonWriter>? body = null)
    {
        var document = new ArrayBufferWriter<byte>(); // whole or not at all
        using (var w = new Utf8JsonWriter(document, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            w.WriteStartObject();
            w.WriteBoolean("ok", ok);
            Objects(w, "diagnostics", diagnostics, d => Write(w, d));
            body?.Invoke(w);
            w.WriteEndObject();
        }
        document.Write("\n"u8);
        StandardStreams.Write(document.WrittenSpan);
        return exitCode;
    }

    /// <summary>Writes an array of objects as a member; the action writes the members of one.</summary>
    internal static void Objects<T>(Utf8JsonWriter w, string name, IEnumerable<T> items, Action<T> members)
    {
        w.WriteStartArray(name);
        foreach (var item in items)
        {
            w.WriteStartObject();
            members(item);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>Writes an array of strings as a member.</summary>
    internal static void Strings(Utf8JsonWriter w, string name, IEnumerable<string> texts)
    {
        w.WriteStartArray(name);
        foreach (var t in texts) w.WriteStringValue(t);
        w.WriteEndArray();
    }

    /// <summary>Writes a text; an empty one is none.</summary>
    internal static void Text(this Utf8JsonWriter w, string name, string? text) => w.WriteString(name, text is "" ? null : text);

    /// <summary>Writes a number or null.</summary>
    internal static void Number(this Utf8JsonWriter w, string name, long? number)
    {
        if (number is { } n) w.WriteNumber(name, n);
        else w.WriteNull(name);
    }

    /// <summary>Writes a time or null.</summary>
    internal static void Time(this Utf8JsonWriter w, string name, DateTimeOffset? time)
    {
        if (time is { } t) w.WriteString(name, t);
        else w.WriteNull(name);
    }

    /// <summary>Writes an object or null; the action writes its members.</summary>
    internal static void Object<T>(this Utf8JsonWriter w, string name, T? item, Action<T> members) where T : class
    {
        w.WritePropertyName(name);
        if (item is null)
        {
            w.WriteNullValue();
            return;
        }
        w.WriteStartObject();
        members(item);
        w.WriteEndObject();
    }

    /// <summary>Writes a document as a member of another one.</summary>
    internal static void Member(Utf8JsonWriter w, string name, string document)
    {
        w.WritePropertyName(name);
        using var inner = JsonDocument.Parse(document);
        inner.WriteTo(w);
    }

    /// <summary>Writes the members of a diagnostic's object.</summary>
    internal static void Write(Utf8JsonWriter w, Diagnostic d)
    {
        w.WriteString("code", d.Code);
        w.WriteString("severity", d.Severity.ToString().ToLowerInvariant());
        w.WriteString("message", d.Message);
        w.Text("file", d.Location.File);
        w.Number("line", d.Location.Line > 0 ? d.Location.Line : null);
        w.Number("column", d.Location.Column > 0 ? d.Location.Column : null);
        w.Text("hint", d.Hint);
    }
}
