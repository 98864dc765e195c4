namespace Weft.Core.Diagnostics;

/// <summary>Finds the known name that was probably meant.</summary>
public static class Nearest
{
    private const int LongestCompared = 64;

    /// <summary>The known name closest to <paramref name="text"/>, or null when none is close: at most a third of its letters may differ.</summary>
    public static string? Of(string text, IEnumerable<string> known)
    {
        if (text.Length is 0 or > LongestCompared) return null;
        var limit = Math.Max(1, text.Length / 3);
        var best = known.Where(k => Math.Abs(k.Length - text.Length) <= limit)
            .Select(k => (Name: k, Distance: Distance(text.ToLowerInvariant(), k.ToLowerInvariant())))
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= limit ? best.Name : null;
    }

    /// <summary>"did you mean 'mtu'?", or the list of what is known, or null when nothing is.</summary>
    public static string? Hint(string text, IReadOnlyCollection<string> known)
    {
        if (Of(text, known) is { } near) return $"did you mean '{near}'?";
        return known.Count is 0 or > 30 ? null : $"known here: {string.Join(", ", known)}";
    }

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
