using System.Text;

namespace Weft.Core.Ipam;

/// <summary>FNV-1a, 64 bits (draft-eastlake-fnv): the same in every process and release, unlike string.GetHashCode.</summary>
public static class StableHash
{
    /// <summary>The hash of the text's UTF-8 bytes.</summary>
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
