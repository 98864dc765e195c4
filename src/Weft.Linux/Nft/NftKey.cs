namespace Weft.Linux.Nft;

/// <summary>Set keys and map values, between nft's text and the kernel's bytes. In a concatenation each field is padded to four bytes.</summary>
public static class NftKey
{
    /// <summary>Encodes a key.</summary>
    /// <param name="types">nft's type names, one a field.</param>
    /// <param name="fields">The fields as nft writes them; "10.0.0.0/24" and "80-90" are ranges.</param>
    /// <param name="end">The last key when a field is a range, else null.</param>
    /// <exception cref="FormatException">A field is not of its type.</exception>
    public static byte[] Encode(IReadOnlyList<string> types, IReadOnlyList<string> fields, out byte[]? end)
    {
        var (first, last) = (new List<byte>(), new List<byte>());
        var range = false;
        for (var i = 0; i < types.Count; i++)
        {
            var (a, b) = NftField.Range(types[i], fields[i]);
            range |= b is not null;
            Append(first, a, types.Count > 1);
            Append(last, b ?? a, types.Count > 1);
        }
        end = range ? [.. last] : null;
        return [.. first];
    }

    /// <summary>Decodes what <see cref="Encode"/> made, to the same text.</summary>
    /// <exception cref="InvalidDataException">The bytes are too short for the types.</exception>
    public static string[] Decode(IReadOnlyList<string> types, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end)
    {
        var fields = new string[types.Count];
        for (var (i, at) = (0, 0); i < types.Count; i++)
        {
            var size = NftField.Size(types[i]);
            if (at + size > key.Length || (!end.IsEmpty && at + size > end.Length))
                throw new InvalidDataException($"a key of {key.Length} bytes is too short for {string.Join(" . ", types)}");
            fields[i] = NftField.Text(types[i], key.Slice(at, size), end.IsEmpty ? default : end.Slice(at, size));
            at += types.Count > 1 ? (size + 3) & ~3 : size;
        }
        return fields;
    }

    /// <summary>Bytes of a key of these types.</summary>
    /// <exception cref="FormatException">A type is not known here.</exception>
    public static int Length(IReadOnlyList<string> types) =>
        types.Count == 1 ? NftField.Size(types[0]) : types.Sum(t => (NftField.Size(t) + 3) & ~3);

    private static void Append(List<byte> to, byte[] field, bool pad)
    {
        to.AddRange(field);
        while (pad && to.Count % 4 != 0) to.Add(0);
    }
}
