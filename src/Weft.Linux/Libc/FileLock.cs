using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>
/// A lock between processes: flock(2) on a file. The kernel frees it when its holder ends, however that comes. The file stays, because removing it
/// would let two processes hold locks on two files of one name.
/// </summary>
public sealed class FileLock : IDisposable
{
    private const int LOCK_EX = 2, LOCK_NB = 4;
    private readonly Descriptor _file;

    private FileLock(Descriptor file) => _file = file;

    /// <summary>Takes the lock, or gives null when another process has it.</summary>
    /// <param name="path">The file; it is made (0600) when it is absent.</param>
    /// <exception cref="LinuxException">The file cannot be opened or locked.</exception>
    public static FileLock? Try(string path)
    {
        var file = Open(path);
        if (NativeMethods.FLock(file.Number, LOCK_EX | LOCK_NB) == 0) return new FileLock(file);
        var errno = Marshal.GetLastPInvokeError();
        file.Dispose();
        return errno == Errno.EAGAIN ? null : throw new LinuxException($"lock {path}", errno);
    }

    /// <summary>Takes the lock, waiting for it as long as it takes.</summary>
    /// <exception cref="LinuxException">The file cannot be opened or locked.</exception>
    public static FileLock Wait(string path)
    {
        var file = Open(path);
        while (NativeMethods.FLock(file.Number, LOCK_EX) < 0)
            if (Marshal.GetLastPInvokeError() is not Errno.EINTR and var errno)
            {
                file.Dispose();
                throw new LinuxException($"lock {path}", errno);
            }
        return new FileLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Descriptor Open(string path) => Descriptor.Open(path, Descriptor.O_RDWR | Descriptor.O_CREAT, mode: 0x180 /* 0600 */);
}
