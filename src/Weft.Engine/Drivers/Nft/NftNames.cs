using Weft.Core.Policy;
using Weft.Core.Resources;

namespace Weft.Engine.Drivers.Nft;

/// <summary>Names of tables and keys, taken apart.</summary>
internal static class NftNames
{
    /// <summary>"inet weft" in its two words.</summary>
    public static (string Family, string Name) Split(string table)
    {
        var space = table.IndexOf(' ', StringComparison.Ordinal);
        return (table[..space], table[(space + 1)..]);
    }

    /// <summary>The schema and the fields that an element's key names.</summary>
    /// <exception cref="KeyNotFoundException">The skeleton has no such set.</exception>
    public static (NftSetSchema Schema, string[] Fields) Parse(ResourceKey element)
    {
        var words = element.Name.Split(' ', 4);
        return (NftSchema.Of($"{words[0]} {words[1]}", words[2]), words[3].Split(" . "));
    }

    /// <summary>True for the name of a table that only Weft makes.</summary>
    public static bool IsOurs(string table) => table == "weft" || table.StartsWith("weft_", StringComparison.Ordinal);

    /// <summary>True for a comment that holds the hash of a skeleton.</summary>
    public static bool IsHash(string? comment) => comment is { Length: 16 } && comment.All(char.IsAsciiHexDigitLower);
}
