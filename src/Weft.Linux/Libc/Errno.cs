using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>Error numbers of the kernel, and the text strerror(3) has for them (asm-generic/errno-base.h, errno.h).</summary>
public static class Errno
{
    /// <summary>Operation not permitted.</summary>
    public const int EPERM = 1;
    /// <summary>No such file, link, table or other object.</summary>
    public const int ENOENT = 2;
    /// <summary>Interrupted system call.</summary>
    public const int EINTR = 4;
    /// <summary>Input or output error; a tap that is down.</summary>
    public const int EIO = 5;
    /// <summary>No such device or address.</summary>
    public const int ENXIO = 6;
    /// <summary>The link is down.</summary>
    public const int ENETDOWN = 100;
    /// <summary>Try again.</summary>
    public const int EAGAIN = 11;
    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;
    /// <summary>What should be a folder is none.</summary>
    public const int ENOTDIR = 20;
    /// <summary>Device or resource busy.</summary>
    public const int EBUSY = 16;
    /// <summary>The object exists already.</summary>
    public const int EEXIST = 17;
    /// <summary>No such device.</summary>
    public const int ENODEV = 19;
    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;
    /// <summary>No such process; for routes and rules: no such object.</summary>
    public const int ESRCH = 3;
    /// <summary>Operation not supported.</summary>
    public const int EOPNOTSUPP = 95;
    /// <summary>Address not available.</summary>
    public const int EADDRNOTAVAIL = 99;
    /// <summary>No buffer space: replies were lost.</summary>
    public const int ENOBUFS = 105;
    /// <summary>The nftables ruleset changed since the generation that a batch names.</summary>
    public const int ERESTART = 85;

    /// <summary>The text strerror(3) has for an error number.</summary>
    public static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
