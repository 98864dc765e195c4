namespace Weft.Cli;

/// <summary>Writes a file whole or not at all: who reads it finds the old one or the new one.</summary>
internal static class SafeFile
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes beside the file under a name that nobody can guess, and puts it in its place; a link of that name is replaced, never followed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(string file, ReadOnlySpan<byte> text)
    {
        var path = Path.GetFullPath(file);
        if (Directory.Exists(path)) throw new IOException($"{path} is a directory: name the file to write");
        var draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            using (var handle = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write))
            {
                File.SetUnixFileMode(handle, ForAll); // whatever the umask is
                RandomAccess.Write(handle, text, 0);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e is not DirectoryNotFoundException) File.Delete(draft);
            throw new IOException($"write {path}: {e.Message}", e);
        }
    }
}
