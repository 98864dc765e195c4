using Weft.Core.Resources;

namespace Weft.Engine.Host;

/// <summary>
/// The host's configuration files under a root, without those that Weft put there itself: what others would do without them is asked for. Paths
/// are the host's own, as a person on it writes them.
/// </summary>
/// <param name="root">"/", or a folder that stands for it.</param>
internal sealed class HostTree(string root)
{
    private static readonly string[] _units = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
    private readonly string _root = root.TrimEnd('/');

    /// <summary>The root.</summary>
    public string Root => root;

    /// <summary>Where a path of the host is.</summary>
    public string On(string path) => _root + path;

    /// <summary>Whether a file, folder or symbolic link is there; a link may lead nowhere, as those of a tree that is not the root do.</summary>
    public bool Exists(string path) => Path.Exists(On(path)) || new FileInfo(On(path)).LinkTarget is not null;

    /// <summary>The text; null when there is no such file, when it is Weft's, or when it is masked by a link to /dev/null.</summary>
    /// <exception cref="UnauthorizedAccessException">It is there and cannot be read.</exception>
    public string? Text(string path)
    {
        if (IsMasked(path) || !File.Exists(On(path))) return null;
        var text = File.ReadAllText(On(path));
        return text.StartsWith(HostFileResource.Mark, StringComparison.Ordinal) ? null : text;
    }

    /// <summary>Whether the file is a link to /dev/null: "this is not to be".</summary>
    public bool IsMasked(string path) => new FileInfo(On(path)).LinkTarget == "/dev/null";

    /// <summary>Paths of the files of a folder whose names end so, sorted by name as systemd, NetworkManager and ifupdown sort theirs.</summary>
    public IEnumerable<string> Files(string folder, string ending = "") => !Directory.Exists(On(folder))
        ? []
        : Directory.EnumerateFileSystemEntries(On(folder)).Select(f => Path.GetFileName(f)).Where(n => n.EndsWith(ending, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(n => $"{folder}/{n}");

    /// <summary>Files of several folders; of two with the same name that of the earlier folder alone. Sorted by name.</summary>
    public IEnumerable<string> Layered(string ending, params string[] folders)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in folders.SelectMany(f => Files(f, ending))) byName.TryAdd(Path.GetFileName(path), path);
        return byName.Values;
    }

    /// <summary>Whether systemd starts a unit: a link in a folder of wants or requires, as "systemctl enable" makes it.</summary>
    public bool IsEnabled(string unit) =>
        _units.SelectMany(WantsFolders).Any(folder => Exists($"{folder}/{unit}"))
        && !IsMasked($"/etc/systemd/system/{unit}");

    private IEnumerable<string> WantsFolders(string folder) =>
        !Directory.Exists(On(folder)) ? [] : Files(folder, ".wants").Concat(Files(folder, ".requires"));
}
