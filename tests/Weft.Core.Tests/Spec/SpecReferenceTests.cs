using System.Text;
using System.Text.Json;
using Weft.Core.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Spec;

/// <summary>docs/spec.md is written from the schema, which is written from the table that the reader binds by: it cannot be out of date.</summary>
public sealed class SpecReferenceTests
{
    [Fact]
    public void The_reference_is_what_the_schema_says() => Golden.Matches("docs/spec.md", Write());

    private static string Write()
    {
        using var schema = JsonDocument.Parse(SpecSchema.Json());
        var text = new StringBuilder("""
            # The project file

            One file is one project. `weft validate FILE` finds its faults, `weft schema` prints the JSON Schema for editors. This page is written from that schema.
            Short forms are marked: where a key takes several shapes, all are listed. The files under `examples/` show them in use.


            """);
        Section(text, "project", schema.RootElement, schema.RootElement);
        foreach (var part in schema.RootElement.GetProperty("$defs").EnumerateObject()) Section(text, part.Name, part.Value, schema.RootElement);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name, JsonElement shape, JsonElement root)
    {
        text.Append($"## {name}\n\n{shape.GetProperty("description").GetString()}\n\n| key | takes | meaning |\n| --- | --- | --- |\n");
        var required = shape.TryGetProperty("required", out var r) ? r.EnumerateArray().Select(x => x.GetString()).ToHashSet() : [];
        foreach (var key in shape.GetProperty("properties").EnumerateObject())
            text.Append($"| `{key.Name}`{(required.Contains(key.Name) ? " (required)" : "")} | {Cell(Kind(key.Value, root))} | {Cell(key.Value.GetProperty("description").GetString()!)} |\n");
        text.Append('\n');
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Kind(JsonElement e, JsonElement root)
    {
        if (e.TryGetProperty("$ref", out var reference)) return $"[{Last(reference)}](#{Last(reference)})";
        if (e.TryGetProperty("allOf", out var all)) return string.Join(", ", all.EnumerateArray().Select(x => Kind(x, root)));
        if (e.TryGetProperty("anyOf", out var any)) return string.Join(" or ", any.EnumerateArray().Select(x => Kind(x, root)).Distinct());
        if (e.TryGetProperty("oneOf", out var one)) return string.Join(" or ", one.EnumerateArray().Select(x => Kind(x, root)).Distinct());
        if (e.TryGetProperty("const", out var value)) return $"`{value}`";
        if (e.TryGetProperty("enum", out var values)) return string.Join(", ", values.EnumerateArray().Select(v => $"`{v}`"));
        return Plain(e, root);
    }

    private static string Plain(JsonElement e, JsonElement root)
    {
        var type = e.TryGetProperty("type", out var t) ? t.ValueKind == JsonValueKind.Array ? t.EnumerateArray().First().GetString() : t.GetString() : "";
        return type switch
        {
            "array" => $"list of {Kind(e.GetProperty("items"), root)}",
            "object" when e.TryGetProperty("additionalProperties", out var items) && items.ValueKind == JsonValueKind.Object => $"map of {Kind(items, root)}",
            "integer" => e.TryGetProperty("minimum", out var low) && e.TryGetProperty("maximum", out var high) ? $"{low}-{high}" : "integer",
            "string" => "text",
            _ => type ?? "",
        };
    }

    private static string Last(JsonElement reference) => reference.GetString()!.Split('/')[^1];
}
