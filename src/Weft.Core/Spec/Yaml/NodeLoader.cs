using Weft.Core.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Core.Spec.Yaml;

/// <summary>
/// Turns YAML into nodes with places. Anchors, aliases and tags are refused, so a small file cannot unfold into a large tree;
/// depth and number of nodes are bounded, so a hostile one cannot exhaust stack or memory.
/// </summary>
internal sealed class NodeLoader(string text, ReadContext context)
{
    /// <summary>Deepest nesting; a complete file needs nine.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most nodes; 50,000 ports need about half.</summary>
    public const int MaxNodes = 1_000_000;

    private readonly Parser _parser = new(new StringReader(text));
    private int _nodes;

    /// <summary>The root, or null when the text is no YAML or went past a limit (reported).</summary>
    public SpecNode? Load()
    {
        try
        {
            return Document();
        }
        catch (YamlException e)
        {
            context.Error(SpecCodes.Syntax, At(e.Start), $"this is no valid YAML: {Reason(e)}", "look at the indentation, and quote texts with ': ', '#', or IPv6 addresses that end in ':'");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or OverflowException or IndexOutOfRangeException or FormatException)
        {
            // The YAML scanner lets a few malformed escapes and directives escape as these instead of a syntax error.
            context.Error(SpecCodes.Syntax, Here, $"this is no valid YAML: {e.Message}");
        }
        catch (LimitException)
        {
            // Reported where the limit was met; the rest of the file is not worth reading.
        }
        return null;
    }

    private Location Here => _parser.Current is { } e ? At(e.Start) : new Location(context.File, 1, 1);

    private static string Reason(YamlException e)
    {
        var message = (e.InnerException as YamlException ?? e).Message.ReplaceLineEndings(" ");
        return message.StartsWith('(') && message.IndexOf("): ", StringComparison.Ordinal) is > 0 and var end ? message[(end + 3)..] : message;
    }

    private Location At(Mark m) => new(context.File, (int)m.Line, (int)m.Column);

    private SpecNode? Document()
    {
        Next();
        if (Next() is StreamEnd) return null;
        Next();
        var root = Node(0);
        Next();
        if (Next() is DocumentStart second) context.Error(SpecCodes.Documents, At(second.Start), "a second document begins here", "one file holds one project: remove '---' or split the file");
        return root;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new SyntaxErrorException("unexpected end of the file");

    /// <summary>The node at the current event; leaves the parser on its last event.</summary>
    private SpecNode Node(int depth)
    {
        var e = _parser.Current!;
        Bound(e, depth);
        if (Refused(e)) { SkipNode(e, depth); return new BrokenNode(At(e.Start)); }
        return e switch
        {
            Scalar s => new ScalarNode(At(s.Start), s.Value, s.Style == ScalarStyle.Plain),
            SequenceStart => List(e, depth),
            MappingStart => Map(e, depth),
            _ => new BrokenNode(At(e.Start)),
        };
    }

    private void Bound(ParsingEvent e, int depth)
    {
        if (depth <= MaxDepth && ++_nodes <= MaxNodes) return;
        var what = depth > MaxDepth ? $"nested more than {MaxDepth} levels deep" : $"more than {MaxNodes} values";
        context.Error(SpecCodes.Limits, At(e.Start), what, "a project needs far less; is this the right file?");
        throw new LimitException();
    }

    private bool Refused(ParsingEvent e)
    {
        var what = e switch
        {
            AnchorAlias => "an alias (*)",
            NodeEvent { Anchor.IsEmpty: false } => "an anchor (&)",
            NodeEvent { Tag.IsEmpty: false } => "a tag (!)",
            _ => null,
        };
        if (what is null) return false;
        context.Error(SpecCodes.AnchorOrTag, At(e.Start), $"{what} is not allowed", "write the value out");
        return true;
    }

    private void SkipNode(ParsingEvent e, int depth)
    {
        if (e is SequenceStart) List(e, depth);
        else if (e is MappingStart) Map(e, depth);
    }

    private ListNode List(ParsingEvent start, int depth)
    {
        var items = new List<SpecNode>();
        while (Next() is not SequenceEnd) items.Add(Node(depth + 1));
        return new ListNode(At(start.Start), items);
    }

    private MapNode Map(ParsingEvent start, int depth)
    {
        var entries = new List<KeyValuePair<ScalarNode, SpecNode>>();
        var seen = new Dictionary<string, Location>();
        while (Next() is not MappingEnd)
        {
            var key = Node(depth + 1);
            Next();
            var value = Node(depth + 1);
            if (KeyText(key) is { } k && Unseen(k, seen)) entries.Add(new(k, value));
        }
        return new MapNode(At(start.Start), entries);
    }

    private ScalarNode? KeyText(SpecNode key)
    {
        if (key is ScalarNode s) return s;
        if (key is not BrokenNode) context.Error(SpecCodes.WrongType, key.At, $"a key must be text, not {key.Kind}");
        return null;
    }

    private bool Unseen(ScalarNode key, Dictionary<string, Location> seen)
    {
        if (seen.TryAdd(key.Text, key.At)) return true;
        context.Error(SpecCodes.DuplicateKey, key.At, $"'{Quote.Short(key.Text)}' is given twice", $"first in line {seen[key.Text].Line}");
        return false;
    }

    /// <summary>Ends the reading at a limit; never leaves this class.</summary>
    private sealed class LimitException : Exception;
}
