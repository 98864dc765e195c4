using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>Which file a path leads to (statx(2)): another one in its place is another.</summary>
/// <param name="Device">Number of its file system, as statx gives it: major in the upper half.</param>
/// <param name="Inode">Its number there.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    // struct statx (linux/stat.h), the same for all architectures.
    private const int Size = 256, InodeAt = 32, MajorAt = 136, MinorAt = 140;
    private const uint STATX_INO = 0x100;

    /// <summary>The file of a path; null when there is none.</summary>
    /// <exception cref="LinuxException">It cannot be asked for.</exception>
    public static unsafe FileIdentity? Of(string path)
    {
        Span<byte> stat = stackalloc byte[Size];
        fixed (byte* at = stat)
            if (NativeMethods.Statx(NativeMethods.AT_FDCWD, path, 0, STATX_INO, at) < 0)
                return Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw new LinuxException($"look at {path}", Marshal.GetLastPInvokeError());
        return new((ulong)BitConverter.ToUInt32(stat[MajorAt..]) << 32 | BitConverter.ToUInt32(stat[MinorAt..]), BitConverter.ToUInt64(stat[InodeAt..]));
    }
}
