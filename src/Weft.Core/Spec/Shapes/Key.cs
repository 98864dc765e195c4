namespace Weft.Core.Spec.Shapes;

/// <summary>A key of a mapping: its name, what it means, and what it may hold.</summary>
internal abstract class Key(string name, string doc)
{
    /// <summary>As in the file.</summary>
    public string Name { get; } = name;

    /// <summary>What it means, one sentence or two.</summary>
    public string Doc { get; } = doc;

    /// <summary>Its shape; null for a key of a part of the format that is not available yet.</summary>
    public virtual Shape? Shape => null;

    /// <summary>Must be given.</summary>
    public bool Required { get; init; }

    /// <summary>What holds without it, in words.</summary>
    public string? Default { get; init; }

    /// <summary>The one mode it belongs to; null for every mode.</summary>
    public string? Mode { get; init; }

    /// <summary>In another mode this is a fault, not a warning: what it protects would stand open without a word.</summary>
    public bool Guards { get; init; }
}

/// <summary>A key whose value is a <typeparamref name="T"/>.</summary>
internal sealed class Key<T>(string name, Shape<T> shape, string doc) : Key(name, doc)
{
    public override Shape Shape => shape;

    /// <summary>The typed shape.</summary>
    public Shape<T> Typed => shape;
}

/// <summary>A key kept for a later part of the format.</summary>
internal sealed class ReservedKey(string name) : Key(name, "Not available yet.");
