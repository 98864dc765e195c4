using System.Text;

namespace Weft.Core.Ipam;

/// <summary>Makes link names that the kernel takes and that are not in use.</summary>
public static class LinkNames
{
    /// <summary>Longest link name in bytes: IFNAMSIZ without the final zero (linux/if.h).</summary>
    public const int MaxLength = 15;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>True when the kernel takes the name (dev_valid_name in net/core/dev.c) and nft and sysctl paths can carry it.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or ".." or "all" or "default") && name.All(c => c is > ' ' and < (char)0x7f and not ('/' or ':' or '"' or '%' or '\\'));

    /// <summary>
    /// Prefix and name where they fit and are free; else the name shortened, with four characters of the hash of <paramref name="identity"/>;
    /// else the next hash, until one is free.
    /// </summary>
    /// <param name="prefix">"wb-" or "wt-".</param>
    /// <param name="name">What people call it.</param>
    /// <param name="identity">What tells it from all others, such as "project/network".</param>
    /// <param name="isTaken">Whether a name is in use.</param>
    public static string Make(string prefix, string name, string identity, Func<string, bool> isTaken)
    {
        var clean = Clean(name);
        if (clean == name && prefix.Length + clean.Length <= MaxLength && !isTaken(prefix + clean)) return prefix + clean;
        var stem = clean[..Math.Min(clean.Length, MaxLength - prefix.Length - 5)];
        for (var attempt = 0; ; attempt++)
        {
            var candidate = $"{prefix}{stem}-{Suffix(StableHash.Of(attempt == 0 ? identity : $"{identity}#{attempt}"))}";
            if (!isTaken(candidate)) return candidate;
        }
    }

    private static string Suffix(ulong hash)
    {
        Span<char> text = stackalloc char[4];
        foreach (ref var c in text)
        {
            c = Digits[(int)(hash % 36)];
            hash /= 36;
        }
        return new string(text);
    }

    private static string Clean(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-');
        return text.ToString();
    }
}
