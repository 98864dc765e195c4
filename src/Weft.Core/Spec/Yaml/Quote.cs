namespace Weft.Core.Spec.Yaml;

/// <summary>Makes text of the file fit for a message.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>At most 60 characters, without control characters (a terminal would obey them).</summary>
    public static string Short(string text)
    {
        var cut = text.Length <= Longest ? text : text[..Longest] + "...";
        return Line(cut);
    }

    /// <summary>The text as one line that a terminal and a YAML reader take: what else it holds becomes '?'.</summary>
    public static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFD' ? '?' : c));
}
