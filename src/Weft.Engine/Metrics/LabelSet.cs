using System.Collections.Immutable;
using System.Text;

namespace Weft.Engine.Metrics;

/// <summary>Labels of series. Those of one object share theirs, and its text is made once.</summary>
/// <param name="names">Names.</param>
/// <param name="values">A value for each.</param>
public sealed class LabelSet(ImmutableArray<string> names, ImmutableArray<string> values)
{
    /// <summary>Names.</summary>
    public ImmutableArray<string> Names => names;

    /// <summary>A value for each name.</summary>
    public ImmutableArray<string> Values => values;

    /// <summary>As both exposition formats have it: {project="lab",network="dev"}; "" without labels.</summary>
    public string Text { get; } = Write(names, values);

    private static string Write(ImmutableArray<string> names, ImmutableArray<string> values)
    {
        if (names.Length != values.Length) throw new ArgumentException($"{names.Length} labels have {values.Length} values", nameof(values));
        if (names.IsEmpty) return "";
        var text = new StringBuilder("{");
        for (var i = 0; i < names.Length; i++) Escape(text.Append(i > 0 ? "," : "").Append(names[i]).Append("=\""), values[i]).Append('"');
        return text.Append('}').ToString();
    }

    private static StringBuilder Escape(StringBuilder text, string value)
    {
        foreach (var c in value) _ = c switch { '\\' => text.Append("\\\\"), '"' => text.Append("\\\""), '\n' => text.Append("\\n"), _ => text.Append(c) };
        return text;
    }
}
