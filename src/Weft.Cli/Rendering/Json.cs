using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Core.Diagnostics;

namespace Weft.Cli.Rendering;

/// <summary>One JSON document per command, on standard output, with the diagnostics always in the same place.</summary>
internal static class Json
{
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

    /// <summary>Writes a document as a member of another one.</summary>
    internal static void Member(Utf8JsonWriter w, string name, string document)
    {
        w.WritePropertyName(name);
        using var inner = JsonDocument.Parse(document);
        inner.WriteTo(w);
    }

    private static void Write(Utf8JsonWriter w, Diagnostic d)
    {
        w.WriteString("code", d.Code);
        w.WriteString("severity", d.Severity.ToString().ToLowerInvariant());
        w.WriteString("message", d.Message);
        w.WriteString("file", d.Location.File);
        w.WriteNumber("line", d.Location.Line);
        w.WriteNumber("column", d.Location.Column);
        w.WriteString("hint", d.Hint);
    }
}
