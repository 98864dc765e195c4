using System.Diagnostics.CodeAnalysis;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Shapes;

/// <summary>
/// What a value of the file may look like. The shapes are the one description of the format: the reader binds by them, the JSON
/// Schema and the reference are printed from them.
/// </summary>
internal abstract class Shape
{
    /// <summary>In words for the reference and for "wants ...": "an address", "true or false".</summary>
    public abstract string Words { get; }

    /// <summary>Writes the JSON Schema of the value as one object.</summary>
    public abstract void WriteSchema(SchemaWriter w);

    /// <summary>Shapes inside, so that the reference finds every mapping.</summary>
    public virtual IEnumerable<Shape> Parts => [];
}

/// <summary>A shape that yields <typeparamref name="T"/>.</summary>
internal abstract class Shape<T> : Shape
{
    /// <summary>Reads a node; false when it was faulty, which is reported by then.</summary>
    public abstract bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out T value);

    /// <summary>The same shape with its value turned into another.</summary>
    public Shape<TOut> Select<TOut>(Func<T, SpecNode, TOut> convert) => new ConvertedShape<T, TOut>(this, convert);

    /// <summary>Reports that the node is of another type.</summary>
    protected bool WrongType(SpecNode node, ReadContext c, string? hint = null)
    {
        if (node is BrokenNode) return false;
        hint ??= node is ScalarNode { IsNull: true } ? "give a value or remove the key" : null;
        c.Error(SpecCodes.WrongType, node.At, $"{c.Path}: wants {Words}, not {node.Kind}", hint);
        return false;
    }
}

/// <summary>A shape with its value turned into another.</summary>
internal sealed class ConvertedShape<TIn, TOut>(Shape<TIn> inner, Func<TIn, SpecNode, TOut> convert) : Shape<TOut>
{
    public override string Words => inner.Words;

    public override IEnumerable<Shape> Parts => [inner];

    public override void WriteSchema(SchemaWriter w) => inner.WriteSchema(w);

    public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out TOut value)
    {
        value = default;
        if (!inner.TryRead(node, c, out var v)) return false;
        value = convert(v, node);
        return true;
    }
}
