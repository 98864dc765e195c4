using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>What this process may do with a file, asked without opening it: whoever closes a file frees all locks that the process has on it (fcntl_locking(2)).</summary>
public static class PathAccess
{
    private const int AT_FDCWD = -100, R_OK = 4, W_OK = 2, AT_EACCESS = 0x200;

    /// <summary>Whether a file can be read.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="LinuxException">There is one, and it cannot be read.</exception>
    public static bool CanRead(string path) => Fault(path, R_OK) switch
    {
        0 => true,
        Errno.ENOENT or Errno.ENOTDIR => false,
        var errno => throw new LinuxException($"read {path}", errno),
    };

    /// <summary>Whether there is a file, and it can be read and written.</summary>
    public static bool CanWrite(string path) => Fault(path, R_OK | W_OK) == 0;

    private static int Fault(string path, int mode) => NativeMethods.FAccessAt(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? 0 : Marshal.GetLastPInvokeError();
}
