using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Netplan;

/// <summary>Several files as one, the way netplan reads /run, /etc and /lib: by name of the file; mappings are joined, lists appended, other values replaced.</summary>
internal static class NetplanMerge
{
    /// <summary>Reads and joins the files; null when none holds a mapping.</summary>
    public static MapNode? Load(IEnumerable<ImportSource> sources, Notes files)
    {
        MapNode? all = null;
        foreach (var source in Ordered(sources, files))
        {
            var faults = new DiagnosticBag();
            var context = new ReadContext(source.File, faults);
            var root = TextCheck.Pass(source.Text.TrimStart('\uFEFF'), context) ? new NodeLoader(source.Text.TrimStart('\uFEFF'), context).Load() : null;
            foreach (var d in faults.Items) files.Add(d);
            if (root is MapNode map) all = all is null ? map : Join(all, map);
            else if (!faults.HasErrors) files.Add(ImportCodes.Kind, Severity.Error, new Location(source.File, 1, 1), "this is no netplan file", "it begins with network:");
        }
        return all;
    }

    // Of two files of one name the one in /run counts, then /etc, then /lib.
    private static IEnumerable<ImportSource> Ordered(IEnumerable<ImportSource> sources, Notes files)
    {
        foreach (var same in sources.GroupBy(s => Path.GetFileName(s.File)).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var best = same.MaxBy(s => Rank(s.File))!;
            foreach (var hidden in same.Where(s => s != best)) files.Say(new Location(hidden.File, 1, 1), $"not read: {best.File} has the same name and goes before it, as in netplan");
            yield return best;
        }
    }

    private static int Rank(string file) => file.StartsWith("/run/", StringComparison.Ordinal) ? 2 : file.StartsWith("/etc/", StringComparison.Ordinal) ? 1 : 0;

    private static MapNode Join(MapNode a, MapNode b)
    {
        var entries = a.Entries.ToList();
        var places = new Dictionary<string, int>();
        for (var i = 0; i < entries.Count; i++) places[entries[i].Key.Text] = i;
        foreach (var e in b.Entries)
        {
            if (!places.TryGetValue(e.Key.Text, out var at)) entries.Add(e);
            else entries[at] = new(entries[at].Key, Join(entries[at].Value, e.Value));
        }
        return new MapNode(a.At, entries);
    }

    private static SpecNode Join(SpecNode a, SpecNode b) => (a, b) switch
    {
        (MapNode x, MapNode y) => Join(x, y),
        (ListNode x, ListNode y) => new ListNode(x.At, [.. x.Items, .. y.Items]),
        _ => b,
    };
}
