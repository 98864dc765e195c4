using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Shapes;

/// <summary>Seconds in a range, written as a duration.</summary>
internal sealed class SpanShape(Shape<int> duration, int min, int max) : Shape<int>
{
    public override string Words => $"{duration.Words} ({min}-{max} s)";

    public override IEnumerable<Shape> Parts => [duration];

    public override void WriteSchema(SchemaWriter w) => duration.WriteSchema(w);

    public override bool TryRead(SpecNode node, ReadContext c, out int value)
    {
        if (!duration.TryRead(node, c, out value)) return false;
        if (value >= min && value <= max) return true;
        c.Error(SpecCodes.OutOfRange, node.At, $"{c.Path}: {value} s is not in {min}-{max} s");
        return false;
    }
}

/// <summary>The version of the file format.</summary>
internal sealed class VersionShape : Shape<int>
{
    /// <summary>The only one there is.</summary>
    public const int Current = 1;

    public override string Words => "the number 1";

    public override void WriteSchema(SchemaWriter w) => w.Const(Current);

    public override bool TryRead(SpecNode node, ReadContext c, out int value)
    {
        value = Current;
        if (node is ScalarNode { Plain: true, Text: "1" }) return true;
        if (node is ScalarNode { Plain: false, Text: "1" }) return WrongType(node, c, "remove the quotes: version: 1");
        if (node is not ScalarNode { IsNull: false } s) return WrongType(node, c, "write: version: 1");
        c.Error(SpecCodes.Version, node.At, $"{c.Path}: version '{Quote.Short(s.Text)}' is not known", "this program reads version 1: write version: 1");
        return false;
    }
}
