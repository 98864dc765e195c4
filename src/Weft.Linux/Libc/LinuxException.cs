using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>A system call failed.</summary>
public sealed class LinuxException : IOException
{
    /// <summary>Makes the exception from the operation and the error number.</summary>
    /// <param name="operation">What was tried and on which object, as a person would say it.</param>
    /// <param name="errno">The positive error number (errno.h).</param>
    /// <param name="hint">What to do about it, or null.</param>
    public LinuxException(string operation, int errno, string? hint = null)
        : base($"{operation}: {Libc.Errno.Text(errno)} (errno {errno}){(hint is null ? "" : "; " + hint)}")
    {
        Operation = operation;
        Errno = errno;
    }

    /// <summary>What was tried and on which object.</summary>
    public string Operation { get; }

    /// <summary>The positive error number.</summary>
    public int Errno { get; }

    /// <summary>The exception for the system call of this thread that failed last.</summary>
    internal static LinuxException Last(string operation, string? hint = null) =>
        new(operation, Marshal.GetLastPInvokeError(), hint);
}
