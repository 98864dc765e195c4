using System.Collections.Immutable;

namespace Weft.Core.Resources;

/// <summary>
/// The static part of Weft's tables: chains, rules, set declarations, no elements. It is the same for every project; its text is loaded in one
/// transaction. A hash of the text is kept in the table, and that is what is compared.
/// </summary>
/// <param name="Family">inet or bridge.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">As nft reads it.</param>
/// <param name="Hash">16 hexadecimal digits.</param>
public sealed record NftTableResource(string Family, string Name, string Text, string Hash) : Resource(Shared, "")
{
    /// <summary>
    /// The set whose one element holds the hash as its comment, and tells the table from one that somebody else gave that name. A table's own
    /// comment could not change without making the table anew.
    /// </summary>
    public const string VersionSet = "version";

    /// <inheritdoc/>
    public override ResourceKey Key => new(ResourceKind.NftTable, $"{Family} {Name}");
    /// <inheritdoc/>
    public override string Summary => "chains, sets and maps";
}

/// <summary>
/// One element of a set, map or verdict map. Fields are written as nft writes them ("wv-dev", "10.0.0.0/24", "52:54:00:00:00:01", "80-90",
/// "tcp"), so that a plan can be read; <see cref="NftSetSchema"/> gives their types.
/// </summary>
/// <param name="Owner">Project; kept in the element's comment "OWNER/NETWORK".</param>
/// <param name="Network">Network.</param>
/// <param name="Table">"inet weft" or "bridge weft".</param>
/// <param name="Set">Name of the set or map.</param>
/// <param name="Fields">The key's fields in order.</param>
/// <param name="Data">The mapped value's fields, empty for a plain set; for a verdict map one field such as "accept" or "goto chain".</param>
public sealed record NftElementResource(string Owner, string Network, string Table, string Set, ImmutableArray<string> Fields, ImmutableArray<string> Data)
    : Resource(Owner, Network)
{
    private ResourceKey? _key;

    // A copy has other fields, perhaps: it makes its own key.
    private NftElementResource(NftElementResource o) : base(o) =>
        (Table, Set, Fields, Data) = (o.Table, o.Set, o.Fields, o.Data);

    /// <summary>Made once, as thousands of elements are looked up by it.</summary>
    public override ResourceKey Key => _key ??= new(ResourceKind.NftElement, $"{Table} {Set} {string.Join(" . ", Fields.AsSpan())}");
    /// <inheritdoc/>
    public override string Summary => Data.IsEmpty ? "" : $": {string.Join(" . ", Data)}";
    /// <inheritdoc/>
    public bool Equals(NftElementResource? o) => o is not null && Owner == o.Owner && Network == o.Network && Table == o.Table && Set == o.Set
        && Fields.AsSpan().SequenceEqual(o.Fields.AsSpan()) && Data.AsSpan().SequenceEqual(o.Data.AsSpan());
    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode();
}

/// <summary>Declares a set of Weft's tables, as far as a driver must know it to write and read elements.</summary>
/// <param name="Table">"inet weft" or "bridge weft".</param>
/// <param name="Set">Name.</param>
/// <param name="KeyTypes">nft type names: ifname, ipv4_addr, ipv6_addr, ether_addr, inet_proto, inet_service; or <see cref="NdTarget"/>.</param>
/// <param name="DataTypes">Types of the mapped value; "verdict" for a verdict map; empty for a plain set; two equal types stand for a range, first and last.</param>
/// <param name="Interval">
/// Keys are ranges: each field a value, a prefix ("10.0.0.0/8") or a range ("80-90"). Every such set of Weft's has at least two fields, so
/// the kernel keeps it as pipapo: an element is a key and a NFTA_SET_ELEM_KEY_END.
/// </param>
/// <param name="Counter">Each element counts packets and bytes.</param>
public sealed record NftSetSchema(string Table, string Set, ImmutableArray<string> KeyTypes, ImmutableArray<string> DataTypes, bool Interval, bool Counter)
{
    /// <summary>True when the mapped value is a range.</summary>
    public bool DataInterval => DataTypes is [var first, var last] && first == last;

    /// <summary>
    /// A type of Weft's own name: the 16 bytes of an IPv6 address, written as such in records, that the packet holds as target of a neighbour
    /// advertisement. nft knows them as the raw payload @th,64,128, an integer.
    /// </summary>
    public const string NdTarget = "nd_target";
}
