namespace Weft.Core.Spec.Yaml;

/// <summary>Makes text of the file fit for a message.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>At most 60 characters, without control characters (a terminal would obey them).</summary>
    public static string Short(string text)
    {
        var cut = text.Length <= Longest ? text : text[..Longest] + "...";
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
