using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Files that are there whole or not at all, whoever reads them and whenever the writer is killed. They are not synced: they belong to a process, and
/// when the machine stops that process has ended too.
/// </summary>
internal static class WholeFile
{
    /// <summary>Read by dnsmasq's account: addresses and names only.</summary>
    internal const UnixFileMode Public = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    /// <summary>Read by root.</summary>
    internal const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file beside it and puts it in its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its whole text.</param>
    /// <param name="mode">Who may read it.</param>
    /// <param name="temporary">Folder of the file while it is not whole, on the same file system; null for the folder of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(string path, string text, UnixFileMode mode, string? temporary = null)
    {
        var draft = Path.Combine(temporary ?? Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
        File.Delete(draft);
        using (var file = Create(draft, mode))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
        }
        File.Move(draft, path, overwrite: true);
    }

    private static SafeFileHandle Create(string path, UnixFileMode mode)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        File.SetUnixFileMode(handle, mode); // whatever the umask is
        return handle;
    }
}
