using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Ifupdown;

/// <summary>A line of a stanza: "bridge_ports eth0". Keys have '-' where older files have '_', as the tools take both.</summary>
internal sealed record InterfaceOption(string Key, string Value, Location At);

/// <summary>A stanza iface: one way to configure an interface; there may be several of one name.</summary>
/// <param name="Name">The interface.</param>
/// <param name="Method">static, dhcp, manual and so on; "" where none is named.</param>
/// <param name="At">Where it begins.</param>
internal sealed record Stanza(string Name, string Method, Location At)
{
    /// <summary>Its lines.</summary>
    public List<InterfaceOption> Options { get; } = [];
    /// <summary>Comments inside, which Proxmox VE shows beside the interface.</summary>
    public List<(string Text, Location At)> Comments { get; } = [];

    /// <summary>The first line of that key, or null.</summary>
    public InterfaceOption? Find(string key) => Options.Find(o => o.Key == key);
}

/// <summary>Reads /etc/network/interfaces (interfaces(5) of ifupdown and ifupdown2).</summary>
internal sealed class StanzaReader(IReadOnlyCollection<ImportSource> sources, Notes files)
{
    private static readonly string[] Single = ["auto", "no-auto-down", "no-scripts", "rename"];
    private readonly List<Stanza> _stanzas = [];
    private Stanza? _open;
    private bool _skipping;

    /// <summary>All stanzas of all files, in order.</summary>
    public IReadOnlyList<Stanza> Read()
    {
        foreach (var source in sources)
        {
            (_open, _skipping) = (null, false);
            var before = _stanzas.Count;
            foreach (var (text, at) in Lines(source)) Line(text, at);
            if (_stanzas.Count == before && !source.Text.Split('\n').Any(l => l.TrimStart().StartsWith("source", StringComparison.Ordinal)))
                files.Add(ImportCodes.Kind, Severity.Error, new Location(source.File, 1, 1), "there is no interface in it", "it holds stanzas: iface eth0 inet dhcp");
        }
        return _stanzas;
    }

    /// <summary>Lines that say something, a '\' at the end joining the next one.</summary>
    private static IEnumerable<(string Text, Location At)> Lines(ImportSource source)
    {
        var lines = source.Text.TrimStart('\uFEFF').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var (first, parts) = (i, new List<string> { lines[i].TrimEnd('\r') });
            while (parts[^1].EndsWith('\\') && !parts[0].TrimStart().StartsWith('#') && i + 1 < lines.Length)
            {
                parts[^1] = parts[^1][..^1];
                parts.Add(lines[++i].TrimEnd('\r'));
            }
            var text = string.Concat(parts);
            if (text.Trim().Length > 0) yield return (text.Trim(), new Location(source.File, first + 1, text.Length - text.TrimStart().Length + 1));
        }
    }

    private void Line(string text, Location at)
    {
        if (text.StartsWith('#')) { _open?.Comments.Add((text.TrimStart('#').Trim(), at)); return; }
        var words = text.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
        var (key, value) = (words[0], words.Length > 1 ? words[1].Trim() : "");
        if (key == "iface") Interface(value, at);
        else if (Single.Contains(key) || key.StartsWith("allow-", StringComparison.Ordinal)) (_open, _skipping) = (null, false);
        else if (key is "source" or "source-directory") Source(key, value, at);
        else if (key is "mapping" or "template") Skip(key, at);
        else if (_open is not null) _open.Options.Add(new InterfaceOption(key.Replace('_', '-').ToLowerInvariant(), value, at));
        else if (!_skipping) files.Bad(at, $"{Notes.Q(text)} stands in no stanza", "options follow iface");
    }

    private void Interface(string value, Location at)
    {
        var words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        (_open, _skipping) = (null, true);
        if (words.Length == 0) { files.Bad(at, "iface names no interface"); return; }
        _open = new Stanza(words[0], words.Length > 2 && words[1] is "inet" or "inet6" && words.Length > 2 ? words[2] : "", at);
        _stanzas.Add(_open);
        if (words is [_, "inherits", ..] or [_, _, _, "inherits", ..]) files.Lost(at, $"iface {Quote.Short(words[0])}: what it inherits is not followed", "write the lines of the other stanza into it");
    }

    private void Source(string key, string value, Location at)
    {
        (_open, _skipping) = (null, false);
        if (sources.Any(s => s.File == value || Path.GetDirectoryName(s.File) == value.TrimEnd('*').TrimEnd('/'))) return;
        files.NotFollowed(at, $"{key} {Quote.Short(value)}: other files are not read by themselves", "name them behind this one; on Proxmox VE the networks of its SDN are there too, and stay its own");
    }

    private void Skip(string key, Location at)
    {
        (_open, _skipping) = (null, true);
        files.Lost(at, $"{key}: which configuration an interface gets is worked out by ifupdown alone", "import the file without it");
    }
}
