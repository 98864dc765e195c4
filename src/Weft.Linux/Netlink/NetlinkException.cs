using Weft.Linux.Libc;

namespace Weft.Linux.Netlink;

/// <summary>The kernel refused a netlink message.</summary>
public sealed class NetlinkException : IOException
{
    /// <summary>Makes the exception from the operation, the error number and the extended acknowledgement.</summary>
    /// <param name="operation">What was asked for and of which object, as a person would say it.</param>
    /// <param name="errno">The positive error number (errno.h).</param>
    /// <param name="kernelText">NLMSGERR_ATTR_MSG, or null when the kernel gave none.</param>
    /// <param name="index">Which message of the batch was refused, from 0; -1 when it cannot be told.</param>
    public NetlinkException(string operation, int errno, string? kernelText, int index = -1)
        : base($"{operation}: {kernelText ?? Libc.Errno.Text(errno)} (errno {errno})")
    {
        Operation = operation;
        Errno = errno;
        KernelText = kernelText;
        Index = index;
    }

    /// <summary>What was asked for and of which object.</summary>
    public string Operation { get; }

    /// <summary>The positive error number.</summary>
    public int Errno { get; }

    /// <summary>The text of the extended acknowledgement, null when there was none.</summary>
    public string? KernelText { get; }

    /// <summary>Which message of the batch was refused, from 0; -1 when it cannot be told.</summary>
    public int Index { get; }
}
