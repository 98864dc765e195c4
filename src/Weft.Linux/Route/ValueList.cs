using System.Collections;
using System.Runtime.CompilerServices;

namespace Weft.Linux.Route;

/// <summary>An immutable list that equals another one with the same elements, so that records holding it compare by value.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T>(T[] items) : IReadOnlyList<T>, IEquatable<ValueList<T>> where T : IEquatable<T>
{
    private readonly T[] _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> Span => _items;

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>Makes <see cref="ValueList{T}"/> from collection expressions.</summary>
public static class ValueList
{
    /// <summary>A list of these elements.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) where T : IEquatable<T> =>
        items.IsEmpty ? Nothing<T>.List : new ValueList<T>(items.ToArray());

    private static class Nothing<T> where T : IEquatable<T>
    {
        internal static readonly ValueList<T> List = new([]);
    }
}

/// <summary>An attribute that is kept as it came, to be sent back unchanged.</summary>
/// <param name="Type">nla_type without flag bits.</param>
/// <param name="Payload">The bytes after the attribute header.</param>
public sealed record RawAttribute(ushort Type, ValueList<byte> Payload);
