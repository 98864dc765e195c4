namespace Weft.Cli;

/// <summary>Writes a file whole or not at all: who reads it finds the old one or the new one.</summary>
internal static class SafeFile
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes beside the file under a name that nobody can guess, and puts it in its place; a link of that name is replaced, never followed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(string file, ReadOnlySpan<byte> text) => Draft(file, text, (draft, path) => File.Move(draft, path, overwrite: true));

    /// <summary>Writes beside the file and takes it away again, so that a fault shows before anything is done that the file is to tell of.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    internal static void Try(string file, ReadOnlySpan<byte> text) => Draft(file, text, (draft, _) => File.Delete(draft));

    private static void Draft(string file, ReadOnlySpan<byte> text, Action<string, string> finish)
    {
        var path = Path.GetFullPath(file);
        var folder = Path.GetDirectoryName(path);
        if (folder is null || Directory.Exists(path)) throw new IOException($"write {path}: it is a directory; name the file to write");
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            using (var handle = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write))
            {
                File.SetUnixFileMode(handle, ForAll); // whatever the umask is
                RandomAccess.Write(handle, text, 0);
            }
            finish(draft, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e is not DirectoryNotFoundException) File.Delete(draft);
            throw new IOException($"write {path}: {Reason(e, folder)}", e);
        }
    }

    // The kernel's words, without the draft's name that .NET adds; a refusal's are inside.
    private static string Reason(Exception e, string folder) =>
        e is DirectoryNotFoundException ? $"no such directory {folder}" : (e.InnerException as IOException ?? e).Message.Split(" : '")[0];
}
