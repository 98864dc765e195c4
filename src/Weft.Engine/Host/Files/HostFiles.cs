using Weft.Core.Resources;
using Weft.Engine.Drivers;

namespace Weft.Engine.Host.Files;

/// <summary>
/// Files that begin with Weft's mark. A second line, the tag, says whose the file is and which tool reads it: "# weft:PROJECT:NETWORK:TOOL".
/// </summary>
/// <param name="root">Root of the host's files.</param>
internal sealed class HostFiles(string root)
{
    private const string Mark = HostFileResource.Mark + "\n", Tag = "# weft:";
    private readonly string _root = root.TrimEnd('/');

    /// <summary>Paths of the regular files of a folder of the host that may be Weft's.</summary>
    public IEnumerable<string> List(string folder) => !Directory.Exists(_root + folder) ? []
        : Directory.EnumerateFiles(_root + folder).Select(f => $"{folder}/{Path.GetFileName(f)}").Order(StringComparer.Ordinal);

    /// <summary>The file; null when there is none or it is not Weft's.</summary>
    public HostFileResource? Read(string path)
    {
        if (!File.Exists(_root + path)) return null;
        var text = File.ReadAllText(_root + path);
        if (!text.StartsWith(Mark + Tag, StringComparison.Ordinal)) return null;
        var end = text.IndexOf('\n', Mark.Length) is >= 0 and var i ? i : text.Length;
        return text[(Mark.Length + Tag.Length)..end].Split(':') is [var owner, var network, var tool]
            ? new(owner, network, path, Mark + text[Math.Min(end + 1, text.Length)..], tool)
            : null;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="DriverException">One of that name is there and is not Weft's.</exception>
    public void Write(HostFileResource file)
    {
        if (!file.Content.StartsWith(Mark, StringComparison.Ordinal)) throw new ArgumentException($"the text of {file.Path} lacks the mark of Weft's files", nameof(file));
        if (Path.Exists(_root + file.Path) && Read(file.Path) is null)
            throw new DriverException($"write {file.Path}", "a file of that name is there that is not Weft's", "move it away, if it is not needed, and try again");
        Directory.CreateDirectory(Path.GetDirectoryName(_root + file.Path)!);
        WriteWhole(_root + file.Path, $"{Mark}{Tag}{file.Owner}:{file.Network}:{file.Reload}\n{file.Content[Mark.Length..]}");
    }

    /// <summary>Removes the file; one that is not Weft's stays.</summary>
    public void Remove(string path)
    {
        if (Read(path) is not null) File.Delete(_root + path);
    }

    /// <summary>Exchanges a file as a whole, on the disk when this returns. The name of the new one ends so that no tool reads it.</summary>
    internal static void WriteWhole(string path, string text)
    {
        var next = path + ".weft-new";
        using (var stream = new FileStream(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Readable }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
}
