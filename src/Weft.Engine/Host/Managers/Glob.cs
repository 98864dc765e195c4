namespace Weft.Engine.Host.Managers;

/// <summary>Patterns of glob(7): *, ?, [a-z], [!a].</summary>
internal static class Glob
{
    /// <summary>Whether the whole text matches.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0] == '*')
        {
            for (var i = 0; i <= text.Length; i++)
                if (Matches(pattern[1..], text[i..])) return true;
            return false;
        }
        if (text.IsEmpty) return false;
        if (pattern[0] == '[' && Class(pattern, text[0]) is var (length, inside) && length > 0) return inside && Matches(pattern[length..], text[1..]);
        return (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);
    }

    // Length of the class, 0 when its end is missing and the bracket stands for itself.
    private static (int Length, bool Inside) Class(ReadOnlySpan<char> pattern, char c)
    {
        var not = pattern.Length > 1 && pattern[1] is ('!' or '^');
        var (i, inside) = (not ? 2 : 1, false);
        for (var first = i; i < pattern.Length && (pattern[i] != ']' || i == first); i++)
        {
            var range = i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']';
            inside |= range ? pattern[i] <= c && c <= pattern[i + 2] : pattern[i] == c;
            if (range) i += 2;
        }
        return i < pattern.Length ? (i + 1, inside != not) : (0, false);
    }
}
