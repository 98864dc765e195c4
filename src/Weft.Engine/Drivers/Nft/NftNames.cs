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

    /// <summary>The table and the set that an element's key names: "inet weft", "nets".</summary>
    public static (string Table, string Set) SetOf(ResourceKey element)
    {
        var table = element.Name.IndexOf(' ', element.Name.IndexOf(' ', StringComparison.Ordinal) + 1);
        return (element.Name[..table], element.Name[(table + 1)..element.Name.IndexOf(' ', table + 1)]);
    }

    /// <summary>The fields that an element's key names.</summary>
    public static string[] FieldsOf(ResourceKey element) => element.Name.Split(' ', 4)[3].Split(" . ");

    /// <summary>True for the name of a table that only Weft makes.</summary>
    public static bool IsOurs(string table) => table == "weft" || table.StartsWith("weft_", StringComparison.Ordinal);

    /// <summary>True for a comment that holds the hash of a skeleton.</summary>
    public static bool IsHash(string? comment) => comment is { Length: 16 } && comment.All(char.IsAsciiHexDigitLower);
}
