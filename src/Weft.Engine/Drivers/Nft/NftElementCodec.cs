using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>Elements of Weft's sets, between records and the kernel's bytes.</summary>
public static class NftElementCodec
{
    /// <summary>The element as the kernel takes it.</summary>
    /// <exception cref="KeyNotFoundException">The skeleton has no such set.</exception>
    /// <exception cref="FormatException">A field is not of its type.</exception>
    public static NftElement ToKernel(NftElementResource e)
    {
        var schema = NftSchema.Of(e.Table, e.Set);
        var key = NftKey.Encode(schema.KeyTypes, e.Fields, out var end);
        return new(key, schema.Interval ? end ?? key : null, Data(schema, e), IsVerdict(schema) && !e.Data.IsEmpty ? NftVerdict.Parse(e.Data[0]) : null, $"{e.Owner}/{e.Network}");
    }

    /// <summary>The record of an element; its owner is "" when its comment does not say whose it is: then it is not Weft's.</summary>
    /// <exception cref="InvalidDataException">Its bytes are not of the schema's types.</exception>
    public static NftElementResource FromKernel(NftSetSchema schema, NftElement e)
    {
        var comment = e.Comment ?? "";
        var slash = comment.IndexOf('/', StringComparison.Ordinal);
        var (owner, network) = slash < 0 ? ("", "") : (comment[..slash], comment[(slash + 1)..]);
        return new(owner, network, schema.Table, schema.Set, [.. NftKey.Decode(schema.KeyTypes, e.Key, e.KeyEnd)], [.. Data(schema, e)]);
    }

    private static byte[]? Data(NftSetSchema schema, NftElementResource e) =>
        e.Data.IsEmpty || IsVerdict(schema) ? null : NftKey.Encode(schema.DataTypes, e.Data, out _);

    private static string[] Data(NftSetSchema schema, NftElement e)
    {
        if (e.Verdict is { } verdict) return [verdict.ToString()];
        return e.Data is null ? [] : NftKey.Decode(schema.DataTypes, e.Data, default);
    }

    private static bool IsVerdict(NftSetSchema schema) => schema.DataTypes is ["verdict"];
}
