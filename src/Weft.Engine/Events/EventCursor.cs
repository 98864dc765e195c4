using System.Globalization;

namespace Weft.Engine.Events;

/// <summary>A place in a log of events: the last event that a reader has. Places of different epochs cannot be compared.</summary>
/// <param name="Epoch">Letters and digits; another one when the log began anew.</param>
/// <param name="Id">Number of the event; rises by one with each, from 1. 0 is before the first.</param>
public readonly record struct EventCursor(string Epoch, long Id)
{
    /// <summary>Longest epoch that is read.</summary>
    private const int LongestEpoch = 32;

    /// <summary>"5f3c9a01-17".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Id}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="cursor">The place.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out EventCursor cursor)
    {
        cursor = default;
        var dash = text.IndexOf('-');
        if (dash is < 1 or > LongestEpoch || !long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
        foreach (var c in text[..dash])
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        cursor = new(text[..dash].ToString(), id);
        return true;
    }
}
