namespace Weft.Linux.Nft;

/// <summary>A table.</summary>
/// <param name="Family">inet, ip, ip6, arp, bridge or netdev.</param>
/// <param name="Name">Its name.</param>
/// <param name="Comment">Its comment, null when it has none.</param>
public sealed record NftTable(string Family, string Name, string? Comment);

/// <summary>A chain; a base chain when it has a hook.</summary>
/// <param name="Family">Family of its table.</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">filter, nat or route; null for a chain that is only jumped to.</param>
/// <param name="Hook">NF_INET_* or NF_BR_* number (2 is forward); null for a chain that is only jumped to.</param>
/// <param name="Priority">Order within the hook; lower is earlier.</param>
/// <param name="DropPolicy">What no rule decides is dropped.</param>
public sealed record NftChain(string Family, string Table, string Name, string? Type, uint? Hook, int Priority, bool DropPolicy);

/// <summary>A set or map, as far as it says how its elements are laid out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyBytes">Length of a key.</param>
/// <param name="DataBytes">Length of a mapped value; 0 for a plain set and, as the kernel counts, some number for a verdict.</param>
/// <param name="Verdicts">The mapped value is a verdict.</param>
/// <param name="Map">It maps keys to values.</param>
/// <param name="Interval">Its keys are ranges.</param>
public sealed record NftSet(string Name, int KeyBytes, int DataBytes, bool Verdicts, bool Map, bool Interval);

/// <summary>A verdict as the value of a map.</summary>
/// <param name="Code">NF_DROP 0, NF_ACCEPT 1, NFT_JUMP -3, NFT_GOTO -4, NFT_RETURN -5.</param>
/// <param name="Chain">Where a jump or goto leads.</param>
public readonly record struct NftVerdict(int Code, string? Chain)
{
    /// <summary>Reads "accept", "drop", "return", "jump CHAIN" or "goto CHAIN".</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static NftVerdict Parse(string text) => text.Split(' ') switch
    {
        ["accept"] => new(Nf.ACCEPT, null),
        ["drop"] => new(Nf.DROP, null),
        ["return"] => new(Nf.RETURN, null),
        ["jump", var c] => new(Nf.JUMP, c),
        ["goto", var c] => new(Nf.GOTO, c),
        _ => throw new FormatException($"'{text}' is no verdict"),
    };

    /// <inheritdoc/>
    public override string ToString() => Code switch
    {
        Nf.ACCEPT => "accept",
        Nf.DROP => "drop",
        Nf.RETURN => "return",
        Nf.JUMP => $"jump {Chain}",
        Nf.GOTO => $"goto {Chain}",
        _ => $"verdict {Code}",
    };
}

/// <summary>An element of a set or map, in the kernel's bytes; <see cref="NftKey"/> turns them into text and back.</summary>
/// <param name="Key">The key; of a range the first.</param>
/// <param name="KeyEnd">The last key of a range in a set of concatenations.</param>
/// <param name="Data">Value of a map.</param>
/// <param name="Verdict">Value of a verdict map.</param>
/// <param name="Comment">Its comment.</param>
public sealed record NftElement(byte[] Key, byte[]? KeyEnd, byte[]? Data, NftVerdict? Verdict, string? Comment)
{
    /// <summary>Marks the end of the range before it, in a set of single fields; the end is not in the range.</summary>
    public bool IntervalEnd { get; init; }
    /// <summary>Packets counted, when the set has counters.</summary>
    public ulong Packets { get; init; }
    /// <summary>Bytes counted, when the set has counters.</summary>
    public ulong Bytes { get; init; }
}

/// <summary>A named counter of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Packets">Packets it counted.</param>
/// <param name="Bytes">Bytes it counted.</param>
public sealed record NftCounter(string Name, ulong Packets, ulong Bytes);
