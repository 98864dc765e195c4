using System.Diagnostics.CodeAnalysis;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Shapes;

/// <summary>A mapping with known keys, without its type, for the schema and the reference.</summary>
internal interface IRecordShape
{
    /// <summary>Name of the definition: "network", "port".</summary>
    string Name { get; }

    /// <summary>What it is.</summary>
    string Doc { get; }

    /// <summary>Its keys in the order of the reference.</summary>
    IReadOnlyList<Key> Keys { get; }
}

/// <summary>A mapping with known keys.</summary>
/// <param name="name">Name of the definition.</param>
/// <param name="doc">What it is.</param>
/// <param name="keys">Its keys.</param>
/// <param name="build">Makes the value; null when what is needed for it is missing or faulty.</param>
internal sealed class RecordShape<T>(string name, string doc, IReadOnlyList<Key> keys, Func<Fields, T?> build) : Shape<T>, IRecordShape where T : class
{
    private readonly Dictionary<string, Key> _known = keys.ToDictionary(k => k.Name);

    public string Name => name;

    public string Doc => doc;

    public IReadOnlyList<Key> Keys => keys;

    public override string Words => $"a mapping ({name})";

    public override IEnumerable<Shape> Parts => keys.Select(k => k.Shape).OfType<Shape>();

    public override void WriteSchema(SchemaWriter w) => w.Reference(this);

    public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out T value)
    {
        value = null;
        if (node is not MapNode map) return WrongType(node, c);
        foreach (var (key, _) in map.Entries) CheckKey(key, c);
        foreach (var key in keys.Where(k => k.Required && map.Find(k.Name) is null))
            c.Error(SpecCodes.MissingKey, map.At, $"{c.Path}: '{key.Name}' is missing", $"it holds {key.Shape!.Words}");
        value = build(new Fields(map, c));
        return value is not null;
    }

    private void CheckKey(ScalarNode key, ReadContext c)
    {
        if (!_known.TryGetValue(key.Text, out var known))
            c.Error(SpecCodes.UnknownKey, key.At, $"{c.Path}: unknown key '{Quote.Short(key.Text)}'", Nearest.Hint(key.Text, [.. keys.Where(k => k is not ReservedKey).Select(k => k.Name)]));
        else if (known is ReservedKey)
            c.Error(SpecCodes.NotYet, key.At, $"{c.Path}: '{key.Text}' is not available yet", "remove it; this version makes bridge and NAT networks");
    }
}

/// <summary>The values of a mapping by key, while a record is built from it.</summary>
internal sealed class Fields(MapNode map, ReadContext context)
{
    /// <summary>Where the mapping stands.</summary>
    public Location At => map.At;

    /// <summary>Where reading stands.</summary>
    public ReadContext Context => context;

    /// <summary>The place of a key, or null when it is not given.</summary>
    public Location? Place(Key key)
    {
        foreach (var (k, _) in map.Entries) if (k.Text == key.Name) return k.At;
        return null;
    }

    /// <summary>The place of a key's value, or the mapping's.</summary>
    public Location PlaceOfValue(Key key) => map.Find(key.Name)?.At ?? map.At;

    /// <summary>Reads a key; false when it is absent or faulty.</summary>
    public bool TryGet<T>(Key<T> key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (map.Find(key.Name) is not { } node) return false;
        context.Push(key.Name);
        var read = key.Typed.TryRead(node, context, out value);
        context.Pop();
        return read;
    }

    /// <summary>The value, or the fallback when it is absent or faulty.</summary>
    public T Or<T>(Key<T> key, T fallback) => TryGet(key, out var v) ? v : fallback;

    /// <summary>The value, or null.</summary>
    public T? Maybe<T>(Key<T> key) where T : struct => TryGet(key, out var v) ? v : null;

    /// <summary>The value, or null.</summary>
    public T? Get<T>(Key<T> key) where T : class => TryGet(key, out var v) ? v : null;
}
