using System.Xml;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>
/// Reads XML into elements with places. No document type and no external entity is read, and size, depth and number of nodes are bounded, so that no file
/// can exhaust memory or stack or make the program open another file. Several documents may follow each other, as "virsh net-dumpxml" in a loop prints them.
/// </summary>
internal sealed class XmlLoader(ImportSource source, Notes notes)
{
    // libvirt's own networks nest six levels; metadata may hold a few more.
    private const int MaxDepth = 32;
    private const int MaxNodes = 200_000;
    private const int MaxText = 4096;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment, MaxCharactersInDocument = SpecReader.MaxBytes,
        IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true,
    };

    private readonly List<XmlElement> _roots = [];
    private readonly Stack<XmlElement> _open = new();
    private int _nodes;

    /// <summary>The outermost elements, or none when the text is no XML or past a limit (reported).</summary>
    public IReadOnlyList<XmlElement> Load()
    {
        using var reader = XmlReader.Create(new StringReader(source.Text.TrimStart('\uFEFF')), Settings);
        try
        {
            while (reader.Read() && Node(reader)) { }
        }
        catch (XmlException e)
        {
            Refuse(e);
        }
        return notes.HasErrors ? [] : _roots;
    }

    private void Refuse(XmlException e)
    {
        var at = new Location(source.File, Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition));
        if (source.Text.Contains("<!DOCTYPE", StringComparison.Ordinal)) notes.Add(ImportCodes.Limits, Severity.Error, at, "a document type is not read: it could name other files", "remove <!DOCTYPE ...>; libvirt writes none");
        else notes.Add(ImportCodes.Syntax, Severity.Error, at, $"this is no well-formed XML: {e.Message}", null);
    }

    private Location Here(XmlReader reader, int back) => reader is IXmlLineInfo i ? new(source.File, Math.Max(1, i.LineNumber), Math.Max(1, i.LinePosition - back)) : new(source.File, 1, 1);

    /// <summary>Takes a node; false when a limit ends the reading.</summary>
    private bool Node(XmlReader reader)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Element: return Open(reader);
            case XmlNodeType.EndElement: _open.Pop(); break;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when _open.Count > 0: AddText(_open.Peek(), reader.Value); break;
            case XmlNodeType.Text or XmlNodeType.CDATA: notes.Add(ImportCodes.Syntax, Severity.Error, Here(reader, 0), "text outside of every element", "is it a network's XML?"); return false;
        }
        return true;
    }

    // A text in very many pieces must not be copied again for each.
    private static void AddText(XmlElement to, string piece)
    {
        if (to.Text.Length < MaxText) to.Text += piece;
    }

    private bool Open(XmlReader reader)
    {
        var element = new XmlElement(reader.LocalName, reader.NamespaceURI, Here(reader, 1));
        if (_open.TryPeek(out var parent)) parent.Add(element);
        else _roots.Add(element);
        var empty = reader.IsEmptyElement;
        while (reader.MoveToNextAttribute()) AddAttribute(element, reader);
        _nodes += 1 + element.Attributes.Count;
        if (!empty) _open.Push(element);
        return Bounded(element.At);
    }

    // Declarations of namespaces are none.
    private void AddAttribute(XmlElement element, XmlReader reader)
    {
        if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/") element.Add(new XmlAttribute(reader.LocalName, reader.Value, Here(reader, 0)));
    }

    private bool Bounded(Location at)
    {
        if (_open.Count <= MaxDepth && _nodes <= MaxNodes) return true;
        var what = _nodes > MaxNodes ? $"more than {MaxNodes} elements and attributes" : $"nested more than {MaxDepth} levels deep";
        notes.Add(ImportCodes.Limits, Severity.Error, at, what, "a network needs far less; is this the right file?");
        return false;
    }
}
