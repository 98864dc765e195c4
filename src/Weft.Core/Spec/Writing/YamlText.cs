using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Core.Spec.Writing;

/// <summary>Writes the few forms of YAML that a spec needs: block mappings and lists, flow for what fits on a line.</summary>
internal static partial class YamlText
{
    private const int FlowWidth = 100;

    // What reads back as the same text in block and flow context alike, and is no number, boolean or null.
    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./-]*$|^[0-9]+\.[0-9]+\.[0-9]+\.[0-9./-]+$|^[0-9]+-[0-9]+$|^[0-9]+[smhd]$|^(?=.*[a-f])[0-9a-f]{2}(:[0-9a-f]{2}){5}$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary>Text, in quotes where YAML would read something else.</summary>
    public static string Scalar(string text)
    {
        if (Plain().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n") && !text.EndsWith('\n')) return text;
        return "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>A block mapping at the given depth.</summary>
    public static void Write(StringBuilder to, YamlMap map, int depth)
    {
        for (var i = 0; i < map.Entries.Count; i++)
        {
            var (key, value) = map.Entries[i];
            foreach (var line in map.CommentsAt(i)) to.Append(' ', depth * 2).Append("# ").Append(line).Append('\n');
            to.Append(' ', depth * 2).Append(Scalar(key)).Append(':');
            Value(to, value, depth);
        }
    }

    private static void Value(StringBuilder to, object value, int depth)
    {
        var flow = Flow(value);
        if (value is YamlMap { Block: false } or YamlList or string && flow.Length <= FlowWidth || value is string) to.Append(' ').Append(flow).Append('\n');
        else if (value is YamlMap m) Write(to.Append('\n'), m, depth + 1);
        else Items(to.Append('\n'), (YamlList)value, depth + 1);
    }

    private static void Items(StringBuilder to, YamlList list, int depth)
    {
        foreach (var item in list.Items) to.Append(' ', depth * 2).Append("- ").Append(Flow(item)).Append('\n');
    }

    private static string Flow(object value) => value switch
    {
        YamlMap { Entries.Count: 0 } => "{}",
        YamlMap m => "{ " + string.Join(", ", m.Entries.Select(e => $"{Scalar(e.Key)}: {Flow(e.Value)}")) + " }",
        YamlList l => "[" + string.Join(", ", l.Items.Select(Flow)) + "]",
        _ => (string)value,
    };
}

/// <summary>A mapping to write; values are finished text (string), <see cref="YamlMap"/> or <see cref="YamlList"/>.</summary>
internal sealed class YamlMap
{
    /// <summary>Whether it is always written over several lines.</summary>
    public bool Block { get; init; }

    /// <summary>In the order to write.</summary>
    public List<KeyValuePair<string, object>> Entries { get; } = [];

    private readonly Dictionary<int, List<string>> _comments = [];

    /// <summary>Lines above the next entry; none holds a line break.</summary>
    public YamlMap Comments(IEnumerable<string> lines)
    {
        if (lines.ToList() is { Count: > 0 } some) _comments[Entries.Count] = some;
        return this;
    }

    /// <summary>Lines above an entry.</summary>
    public IEnumerable<string> CommentsAt(int entry) => _comments.GetValueOrDefault(entry) ?? [];

    /// <summary>Adds text.</summary>
    public YamlMap Text(string key, object? value) => value?.ToString() is { } t ? Add(key, YamlText.Scalar(t)) : this;

    /// <summary>Adds a number.</summary>
    public YamlMap Number(string key, int? value) => value is { } n ? Add(key, $"{n}") : this;

    /// <summary>Adds true or false unless it is what holds without the key.</summary>
    public YamlMap Flag(string key, bool value, bool unless) => value == unless ? this : Add(key, value ? "true" : "false");

    /// <summary>Adds seconds unless they are what holds without the key.</summary>
    public YamlMap Seconds(string key, int? value, int? unless = null) => value is { } s && s != unless ? Add(key, $"{s}s") : this;

    /// <summary>Adds a list unless it is empty.</summary>
    public YamlMap List(string key, IEnumerable<object> items) => items.ToList() is { Count: > 0 } l ? Add(key, new YamlList(l)) : this;

    /// <summary>Adds a list of texts unless it is empty.</summary>
    public YamlMap Texts<T>(string key, IEnumerable<T> items) where T : notnull => List(key, items.Select(i => YamlText.Scalar(i.ToString()!)));

    /// <summary>Adds a value, unless it is null.</summary>
    public YamlMap Add(string key, object? value)
    {
        if (value is not null) Entries.Add(new(key, value));
        return this;
    }
}

/// <summary>A list to write.</summary>
internal sealed record YamlList(List<object> Items);
