using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Yaml;

/// <summary>A node of the file with its place.</summary>
internal abstract record SpecNode(Location At)
{
    /// <summary>The node's kind in words, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>Text; plain when it stands without quotes, so that true and 1 can be told from "true" and "1".</summary>
internal sealed record ScalarNode(Location At, string Text, bool Plain) : SpecNode(At)
{
    /// <summary>Nothing after the colon, or YAML's null.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" && Plain;

    public override string Kind => IsNull ? "nothing" : Plain ? $"'{Quote.Short(Text)}'" : $"text in quotes (\"{Quote.Short(Text)}\")";
}

/// <summary>A list.</summary>
internal sealed record ListNode(Location At, IReadOnlyList<SpecNode> Items) : SpecNode(At)
{
    public override string Kind => "a list";
}

/// <summary>A mapping; keys are unique.</summary>
internal sealed record MapNode(Location At, IReadOnlyList<KeyValuePair<ScalarNode, SpecNode>> Entries) : SpecNode(At)
{
    public override string Kind => "a mapping";

    /// <summary>The value of a key, or null.</summary>
    public SpecNode? Find(string key) => Entries.FirstOrDefault(e => e.Key.Text == key).Value;
}

/// <summary>What could not be read and was reported already; everything built from it stays silent.</summary>
internal sealed record BrokenNode(Location At) : SpecNode(At)
{
    public override string Kind => "unreadable";
}
