using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Export;

/// <summary>A project as JSON: the same keys as the file, in the writer's order, without what holds anyway. JSON is YAML, so weft reads it back as a project's file.</summary>
public static class ProjectJson
{
    /// <summary>The document, indented, with a newline at the end. Equal projects give equal bytes.</summary>
    public static string Write(ProjectSpec project)
    {
        var faults = new DiagnosticBag();
        var root = new NodeLoader(SpecWriter.Write(project), new ReadContext(project.Name, faults)).Load() ?? throw new InvalidOperationException($"the project's print is no YAML: {string.Join("; ", faults.Items)}");
        var buffer = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Node(w, root);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Node(Utf8JsonWriter w, SpecNode node)
    {
        switch (node)
        {
            case MapNode map: Map(w, map); break;
            case ListNode list:
                w.WriteStartArray();
                foreach (var item in list.Items) Node(w, item);
                w.WriteEndArray();
                break;
            case ScalarNode s: Scalar(w, s); break;
        }
    }

    private static void Map(Utf8JsonWriter w, MapNode map)
    {
        w.WriteStartObject();
        foreach (var (key, value) in map.Entries)
        {
            w.WritePropertyName(key.Text);
            Node(w, value);
        }
        w.WriteEndObject();
    }

    private static void Scalar(Utf8JsonWriter w, ScalarNode s)
    {
        if (s is { Plain: true, Text: "true" or "false" }) w.WriteBooleanValue(s.Text == "true");
        else if (s.Plain && int.TryParse(s.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n)) w.WriteNumberValue(n);
        else w.WriteStringValue(s.Text);
    }
}
