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
        using var output = Console.OpenStandardOutput();
        using (var w = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            w.WriteStartObject();
            w.WriteBoolean("ok", ok);
            w.WriteStartArray("diagnostics");
            foreach (var d in diagnostics) Write(w, d);
            w.WriteEndArray();
            body?.Invoke(w);
            w.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
        return exitCode;
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
        w.WriteStartObject();
        w.WriteString("code", d.Code);
        w.WriteString("severity", d.Severity.ToString().ToLowerInvariant());
        w.WriteString("message", d.Message);
        w.WriteString("file", d.Location.File);
        w.WriteNumber("line", d.Location.Line);
        w.WriteNumber("column", d.Location.Column);
        w.WriteString("hint", d.Hint);
        w.WriteEndObject();
    }
}
