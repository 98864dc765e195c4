using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>Random bytes of the kernel's. .NET's own generator loads OpenSSL for them, which costs a short command more than all else it does.</summary>
public static unsafe class KernelRandom
{
    /// <summary>Fills a buffer (getrandom(2)); waits only while the machine has just started and has no entropy yet.</summary>
    /// <exception cref="LinuxException">The kernel gives none.</exception>
    public static void Fill(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint n;
            fixed (byte* p = buffer) n = NativeMethods.GetRandom(p, (nuint)buffer.Length, 0);
            if (n < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR) throw LinuxException.Last("getrandom");
            buffer = buffer[(int)Math.Max(n, 0)..];
        }
    }
}
