using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>Which file a path leads to (statx(2)): another one in its place is another.</summary>
/// <param name="Device">Number of its file system, as statx gives it: major in the upper half.</param>
/// <param name="Inode">Its number there.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    // struct statx (linux/stat.h), the same for all architectures.
    private const int Size = 256, UserAt = 20, ModeAt = 28, InodeAt = 32, MajorAt = 136, MinorAt = 140;
    private const uint STATX_TYPE = 1, STATX_MODE = 2, STATX_UID = 8, STATX_INO = 0x100;
    private const int S_IFMT = 0xF000, S_IFSOCK = 0xC000, S_IWGRP = 0x10, S_IWOTH = 2;

    /// <summary>The file of a path; null when there is none.</summary>
    /// <exception cref="LinuxException">It cannot be asked for.</exception>
    public static FileIdentity? Of(string path)
    {
        Span<byte> stat = stackalloc byte[Size];
        if (!Look(path, STATX_INO, stat)) return null;
        return new((ulong)BitConverter.ToUInt32(stat[MajorAt..]) << 32 | BitConverter.ToUInt32(stat[MinorAt..]), BitConverter.ToUInt64(stat[InodeAt..]));
    }

    /// <summary>Whether a path leads to a socket; it is not opened.</summary>
    /// <exception cref="LinuxException">It cannot be asked for.</exception>
    public static bool IsSocket(string path)
    {
        Span<byte> stat = stackalloc byte[Size];
        return Look(path, STATX_TYPE, stat) && (BitConverter.ToUInt16(stat[ModeAt..]) & S_IFMT) == S_IFSOCK;
    }

    /// <summary>Whether only root can have written the file that a path leads to. Who may exchange it in its folder is not asked.</summary>
    /// <exception cref="LinuxException">It cannot be asked for.</exception>
    public static bool IsOnlyRoots(string path)
    {
        Span<byte> stat = stackalloc byte[Size];
        return Look(path, STATX_MODE | STATX_UID, stat) && BitConverter.ToUInt32(stat[UserAt..]) == 0 && (BitConverter.ToUInt16(stat[ModeAt..]) & (S_IWGRP | S_IWOTH)) == 0;
    }

    private static unsafe bool Look(string path, uint mask, Span<byte> stat)
    {
        fixed (byte* at = stat)
            if (NativeMethods.Statx(NativeMethods.AT_FDCWD, path, 0, mask, at) == 0) return true;
        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? false : throw new LinuxException($"look at {path}", Marshal.GetLastPInvokeError());
    }
}
