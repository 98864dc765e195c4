using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>The attributes of a message by type, as nla_parse has them: found in one walk, then asked for one by one. The last of a type counts.</summary>
internal readonly ref struct AttributeTable
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Span<Place> _places;

    /// <param name="message">The bytes that the attributes lie in.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="places">Room for one place a type; types beyond it are passed over.</param>
    internal AttributeTable(ReadOnlySpan<byte> message, NetlinkReader attributes, Span<Place> places)
    {
        _message = message;
        _places = places;
        places.Clear();
        foreach (var a in attributes)
            if (a.Type < places.Length && message.Overlaps(a.Payload, out var start))
                places[a.Type] = new Place(start, a.Payload.Length);
    }

    /// <summary>The attribute; one without payload when there is none.</summary>
    internal NetlinkAttribute this[ushort type] => new(type, _message.Slice(_places[type].Start, _places[type].Length));

    /// <summary>Whether there is one, with a payload.</summary>
    internal bool Has(ushort type) => _places[type].Length > 0;

    internal string? Text(ushort type) => Has(type) ? this[type].Text : null;

    internal bool? Bool(ushort type) => Has(type) ? this[type].U8 != 0 : null;

    internal ushort? U16(ushort type) => Has(type) ? this[type].U16 : null;

    internal uint? U32(ushort type) => Has(type) ? this[type].U32 : null;

    internal readonly record struct Place(int Start, int Length);
}
