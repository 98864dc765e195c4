using Weft.Core.Model;

namespace Weft.Engine.Host.Managers;

/// <summary>Stanzas of ifupdown (interfaces(5)).</summary>
internal static class Ifupdown
{
    private const string Main = "/etc/network/interfaces";
    private const int Deepest = 8; // files may source themselves

    /// <summary>A stanza "iface NAME inet METHOD".</summary>
    internal sealed record Stanza(string Path, string Link, string Method);

    /// <summary>All stanzas; none where ifupdown is not installed, as on hosts that merely have its file.</summary>
    public static IReadOnlyList<Stanza> Read(HostTree tree) =>
        tree.Exists("/usr/sbin/ifup") || tree.Exists("/sbin/ifup") ? [.. Stanzas(tree, Main, Deepest)] : [];

    /// <summary>The manager; null when no stanza gives the NIC addresses ("manual" only brings it up).</summary>
    public static NicManager? Of(IEnumerable<Stanza> stanzas, Nic nic)
    {
        var mine = stanzas.Where(s => nic.Names.Contains(s.Link) && s.Method is not ("manual" or "loopback")).ToList();
        return mine.Count == 0 ? null : new(nic.Name, "ifupdown", mine[0].Path, mine.Exists(s => s.Method == "dhcp"));
    }

    private static IEnumerable<Stanza> Stanzas(HostTree tree, string path, int depth)
    {
        if (depth == 0 || tree.Text(path) is not { } text) yield break;
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["iface", var link, .. var rest]) yield return new(path, link, rest is [_, var method, ..] ? method : "static");
            foreach (var other in Sourced(tree, path, words))
                foreach (var stanza in Stanzas(tree, other, depth - 1)) yield return stanza;
        }
    }

    private static IEnumerable<string> Sourced(HostTree tree, string from, string[] words) => words switch
    {
        ["source", var pattern] => Matching(tree, Absolute(from, pattern)),
        ["source-directory", var folder] => tree.Files(Absolute(from, folder).TrimEnd('/')).Where(f => Path.GetFileName(f).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')),
        _ => [],
    };

    private static IEnumerable<string> Matching(HostTree tree, string pattern) =>
        tree.Files(Path.GetDirectoryName(pattern) ?? "/").Where(f => Glob.Matches(Path.GetFileName(pattern), Path.GetFileName(f)));

    private static string Absolute(string from, string path) => path.StartsWith('/') ? path : $"{Path.GetDirectoryName(from)}/{path}";
}
