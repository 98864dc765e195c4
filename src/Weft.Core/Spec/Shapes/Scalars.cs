using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Shapes;

/// <summary>Reads a text; false when it is none of the kind.</summary>
internal delegate bool TextParser<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>true or false.</summary>
internal sealed class BoolShape : Shape<bool>
{
    public override string Words => "true or false";

    public override void WriteSchema(SchemaWriter w) => w.Type("boolean");

    public override bool TryRead(SpecNode node, ReadContext c, out bool value)
    {
        value = node is ScalarNode { Plain: true, Text: "true" };
        if (value || node is ScalarNode { Plain: true, Text: "false" }) return true;
        return WrongType(node, c, node is ScalarNode s ? Meant(s.Text) : null);
    }

    private static string? Meant(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "on" or "y" or "true" => "write true",
        "no" or "off" or "n" or "false" => "write false",
        _ => null,
    };
}

/// <summary>A whole number in a range, with its unit in words.</summary>
internal sealed class IntShape(int min, int max, string unit = "") : Shape<int>
{
    public override string Words => $"a number {min}-{max}{(unit.Length > 0 ? " " + unit : "")}";

    public override void WriteSchema(SchemaWriter w) => w.Integer(min, max);

    public override bool TryRead(SpecNode node, ReadContext c, out int value)
    {
        value = 0;
        if (node is not ScalarNode { Plain: true } s || !IsWhole(s.Text)) return WrongType(node, c, Hint(node));
        if (int.TryParse(s.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max) return true;
        c.Error(SpecCodes.OutOfRange, node.At, $"{c.Path}: {Quote.Short(s.Text)} is not in {min}-{max}{(unit.Length > 0 ? " " + unit : "")}");
        return false;
    }

    private static string? Hint(SpecNode node) => node switch
    {
        ScalarNode { Plain: false } q when IsWhole(q.Text) => "remove the quotes",
        ScalarNode { Plain: true } p when p.Text.StartsWith('0') => "a decimal number without leading zeros",
        _ => null,
    };

    private static bool IsWhole(string t)
    {
        var digits = t.StartsWith('-') ? t.AsSpan(1) : t;
        return digits.Length > 0 && digits.IndexOfAnyExceptInRange('0', '9') < 0 && (digits[0] != '0' || digits.Length == 1);
    }
}

/// <summary>A text with a form of its own: an address, a name, a duration.</summary>
/// <param name="words">"an address such as 10.20.0.7".</param>
/// <param name="code">Diagnostic of a text that is none.</param>
/// <param name="pattern">Regular expression for editors (ECMA 262); null when a pattern would say nothing.</param>
/// <param name="parse">Reads it.</param>
/// <param name="hint">What to do about a text that is none.</param>
internal sealed class TextShape<T>(string words, string code, string? pattern, TextParser<T> parse, string? hint = null) : Shape<T>
{
    public override string Words => words;

    /// <summary>Whether a bare number is such a text too (a port, seconds).</summary>
    public bool Number { get; init; }

    public override void WriteSchema(SchemaWriter w) => w.Text(pattern, Number);

    public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode { IsNull: false } s) return WrongType(node, c);
        if (parse(s.Text, out value)) return true;
        c.Error(code, node.At, $"{c.Path}: '{Quote.Short(s.Text)}' is not {words}", hint);
        return false;
    }
}

/// <summary>One of a few words.</summary>
internal sealed class ChoiceShape<T>(IReadOnlyList<(string Word, T Value)> choices) : Shape<T>
{
    public override string Words => string.Join(" | ", choices.Select(x => x.Word));

    public override void WriteSchema(SchemaWriter w) => w.Enum(choices.Select(x => x.Word));

    public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode { IsNull: false } s) return WrongType(node, c);
        foreach (var (word, v) in choices)
        {
            if (word != s.Text) continue;
            value = v;
            return true;
        }
        c.Error(SpecCodes.Choice, node.At, $"{c.Path}: '{Quote.Short(s.Text)}' is none of {string.Join(", ", choices.Select(x => x.Word))}",
            Diagnostics.Nearest.Of(s.Text, choices.Select(x => x.Word)) is { } near ? $"did you mean '{near}'?" : null);
        return false;
    }
}
