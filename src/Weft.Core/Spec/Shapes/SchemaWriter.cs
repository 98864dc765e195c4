using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weft.Core.Spec.Shapes;

/// <summary>Writes shapes as JSON Schema (draft 2020-12); every mapping with known keys becomes a definition.</summary>
internal sealed class SchemaWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly Queue<IRecordShape> _open = new();
    private readonly HashSet<string> _named = [];

    private SchemaWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The schema of a whole file.</summary>
    public static string Write(IRecordShape root, string id, string title)
    {
        using var w = new SchemaWriter();
        w._json.WriteStartObject();
        w._json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        w._json.WriteString("$id", id);
        w._json.WriteString("title", title);
        w.Record(root);
        w.Definitions();
        w._json.WriteEndObject();
        w._json.Flush();
        return Encoding.UTF8.GetString(w._buffer.WrittenSpan) + "\n";
    }

    public void Dispose() => _json.Dispose();

    public void Type(string type) => Object(() => _json.WriteString("type", type));

    public void Integer(int min, int max) => Object(() =>
    {
        _json.WriteString("type", "integer");
        _json.WriteNumber("minimum", min);
        _json.WriteNumber("maximum", max);
    });

    public void Text(string? pattern, bool number) => Object(() =>
    {
        if (number) Strings("type", ["string", "integer"]);
        else _json.WriteString("type", "string");
        if (pattern is not null) _json.WriteString("pattern", pattern);
    });

    public void Enum(IEnumerable<string> words) => Object(() => Strings("enum", words));

    public void Const(int value) => Object(() => _json.WriteNumber("const", value));

    public void AnyOf(IReadOnlyList<Shape> shapes) => Object(() =>
    {
        _json.WriteStartArray("anyOf");
        foreach (var s in shapes) s.WriteSchema(this);
        _json.WriteEndArray();
    });

    public void ListOf(Shape item) => Object(() =>
    {
        _json.WriteStartArray("anyOf");
        item.WriteSchema(this);
        Object(() =>
        {
            _json.WriteString("type", "array");
            _json.WritePropertyName("items");
            item.WriteSchema(this);
        });
        _json.WriteEndArray();
    });

    public void MapOf(Shape key, Shape value) => Object(() =>
    {
        Strings("type", ["object", "null"]);
        _json.WritePropertyName("propertyNames");
        key.WriteSchema(this);
        _json.WritePropertyName("additionalProperties");
        value.WriteSchema(this);
    });

    public void Reference(IRecordShape record)
    {
        if (_named.Add(record.Name)) _open.Enqueue(record);
        Object(() => _json.WriteString("$ref", "#/$defs/" + record.Name));
    }

    private void Definitions()
    {
        _json.WriteStartObject("$defs");
        while (_open.TryDequeue(out var record))
        {
            _json.WriteStartObject(record.Name);
            Record(record);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
    }

    private void Record(IRecordShape record)
    {
        _json.WriteString("description", record.Doc);
        _json.WriteString("type", "object");
        _json.WriteStartObject("properties");
        foreach (var key in record.Keys.Where(k => k.Shape is not null)) Property(key);
        _json.WriteEndObject();
        if (record.Keys.Any(k => k.Required)) Strings("required", record.Keys.Where(k => k.Required).Select(k => k.Name));
        _json.WriteBoolean("additionalProperties", false);
    }

    private void Property(Key key)
    {
        _json.WriteStartObject(key.Name);
        var mode = key.Mode is null ? "" : $" (mode: {key.Mode})";
        var without = key.Default is null ? "" : $" Default: {key.Default}.";
        _json.WriteString("description", key.Doc + mode + without);
        // Draft 2020-12 lets other keywords stand beside allOf and $ref, so the key's text does not disturb the shape's.
        _json.WriteStartArray("allOf");
        key.Shape!.WriteSchema(this);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void Object(Action content)
    {
        _json.WriteStartObject();
        content();
        _json.WriteEndObject();
    }

    private void Strings(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var v in values) _json.WriteStringValue(v);
        _json.WriteEndArray();
    }
}
