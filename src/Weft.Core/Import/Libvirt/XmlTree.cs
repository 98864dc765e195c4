using Weft.Core.Diagnostics;

namespace Weft.Core.Import.Libvirt;

/// <summary>An attribute with its place. <see cref="Seen"/> once the importer has looked at it: what stays unseen is reported.</summary>
internal sealed class XmlAttribute(string name, string value, Location at)
{
    public string Name => name;
    public string Value => value;
    public Location At => at;
    public bool Seen { get; set; }
}

/// <summary>An element with its place.</summary>
internal sealed class XmlElement(string name, string ns, Location at)
{
    private readonly List<XmlAttribute> _attributes = [];
    private readonly List<XmlElement> _children = [];

    public string Name => name;
    public string Namespace => ns;
    public Location At => at;
    public string Text { get; set; } = "";
    public bool Seen { get; private set; }
    public IReadOnlyList<XmlAttribute> Attributes => _attributes;
    public IReadOnlyList<XmlElement> Children => _children;

    public void Add(XmlAttribute a) => _attributes.Add(a);

    public void Add(XmlElement e) => _children.Add(e);

    /// <summary>The attribute, or null when it is not there.</summary>
    public XmlAttribute? Attribute(string key)
    {
        var found = _attributes.Find(a => a.Name == key);
        found?.Seen = true;
        return found;
    }

    /// <summary>The attribute's text; null when it is not there or empty, which libvirt takes for the same.</summary>
    public string? this[string key] => Attribute(key)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>Where the attribute stands, or the element without it.</summary>
    public Location Place(string key) => _attributes.Find(a => a.Name == key)?.At ?? at;

    /// <summary>The first such element, or null.</summary>
    public XmlElement? Child(string key) => All(key).FirstOrDefault();

    /// <summary>All such elements.</summary>
    public List<XmlElement> All(string key, string space = "")
    {
        var found = _children.FindAll(e => e.Name == key && e.Namespace == space);
        found.ForEach(e => e.Seen = true);
        return found;
    }

    /// <summary>Takes all that is in it as looked at: one finding about the whole says enough.</summary>
    public XmlElement SeeAll()
    {
        Seen = true;
        foreach (var a in _attributes) a.Seen = true;
        foreach (var c in _children) c.SeeAll();
        return this;
    }
}
