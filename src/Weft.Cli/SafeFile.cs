namespace Weft.Cli;

/// <summary>Writes a file whole or not at all.</summary>
internal static class SafeFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes beside the file under a name that nobody else has, and puts it in its place; a link of that name is replaced, never followed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(string path, string text)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a directory: name the file to write");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new IOException($"there is no directory {folder}");
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            using (var file = new StreamWriter(new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode }))) file.Write(text);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
