using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Shapes;

/// <summary>A list; a single value stands for a list of one. Faulty items are left out (and reported).</summary>
internal sealed class ListShape<T>(Shape<T> item) : Shape<ImmutableArray<T>>
{
    public override string Words => $"a list of: {item.Words}";

    public override IEnumerable<Shape> Parts => [item];

    public override void WriteSchema(SchemaWriter w) => w.ListOf(item);

    public override bool TryRead(SpecNode node, ReadContext c, out ImmutableArray<T> value)
    {
        value = [];
        if (node is BrokenNode or ScalarNode { IsNull: true }) return WrongType(node, c);
        var items = ImmutableArray.CreateBuilder<T>();
        if (node is not ListNode list) Add(node, c, items);
        else for (var i = 0; i < list.Items.Count; i++) AddAt(list.Items[i], i, c, items);
        value = items.ToImmutable();
        return true;
    }

    private void AddAt(SpecNode node, int index, ReadContext c, ImmutableArray<T>.Builder items)
    {
        c.Push($"[{index}]");
        Add(node, c, items);
        c.Pop();
    }

    private void Add(SpecNode node, ReadContext c, ImmutableArray<T>.Builder items)
    {
        if (item.TryRead(node, c, out var v)) items.Add(v);
    }
}

/// <summary>A mapping from names the user chose to values of one shape.</summary>
/// <param name="key">What the names are.</param>
/// <param name="value">The values' shape.</param>
/// <param name="join">Makes the entry of a name, its place and its value.</param>
internal sealed class NamedShape<TValue, T>(TextShape<string> key, Shape<TValue> value, Func<string, Location, TValue, T> join) : Shape<ImmutableArray<T>>
{
    public override string Words => $"a mapping from {key.Words} to: {value.Words}";

    public override IEnumerable<Shape> Parts => [key, value];

    public override void WriteSchema(SchemaWriter w) => w.MapOf(key, value);

    public override bool TryRead(SpecNode node, ReadContext c, out ImmutableArray<T> value)
    {
        value = [];
        if (node is ScalarNode { IsNull: true }) return true;
        if (node is not MapNode map) return WrongType(node, c);
        var items = ImmutableArray.CreateBuilder<T>();
        foreach (var (name, v) in map.Entries) Add(name, v, c, items);
        value = items.ToImmutable();
        return true;
    }

    /// <summary>An entry with a bad name is kept, so that what refers to it is not reported as well.</summary>
    private void Add(ScalarNode name, SpecNode node, ReadContext c, ImmutableArray<T>.Builder items)
    {
        c.Push(name.Text);
        key.TryRead(name with { Plain = false }, c, out _);
        if (value.TryRead(node, c, out var v)) items.Add(join(name.Text, name.At, v));
        c.Pop();
    }
}

/// <summary>A mapping whose entries have nothing to do with each other: what is wrong with one is no fault of the file.</summary>
/// <param name="mapping">The mapping.</param>
/// <param name="join">Makes an entry of its name, what could be read of it, and its faults.</param>
internal sealed class ApartShape<TEntry, T>(NamedShape<TEntry, TEntry> mapping, Func<string, TEntry?, ImmutableArray<Diagnostic>, T> join) : Shape<ImmutableArray<T>> where TEntry : class
{
    public override string Words => mapping.Words;

    public override IEnumerable<Shape> Parts => [mapping];

    public override void WriteSchema(SchemaWriter w) => mapping.WriteSchema(w);

    public override bool TryRead(SpecNode node, ReadContext c, out ImmutableArray<T> value)
    {
        value = node is MapNode map ? [.. map.Entries.Select(e => Read(map with { Entries = [e] }, e.Key.Text, c))] : [];
        return node is MapNode || mapping.TryRead(node, c, out _);
    }

    private T Read(MapNode one, string name, ReadContext c)
    {
        var faults = new DiagnosticBag();
        return join(name, mapping.TryRead(one, c.Apart(faults), out var read) ? read.FirstOrDefault() : null, [.. faults.Items]);
    }
}

/// <summary>A short form (a scalar) beside the complete one (a mapping).</summary>
internal sealed class EitherShape<T>(Shape<T> scalar, Shape<T> mapping) : Shape<T>
{
    public override string Words => $"{scalar.Words}, or {mapping.Words}";

    public override IEnumerable<Shape> Parts => [scalar, mapping];

    public override void WriteSchema(SchemaWriter w) => w.AnyOf([scalar, mapping]);

    public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return node switch
        {
            MapNode => mapping.TryRead(node, c, out value),
            ScalarNode { IsNull: false } => scalar.TryRead(node, c, out value),
            _ => WrongType(node, c),
        };
    }
}
