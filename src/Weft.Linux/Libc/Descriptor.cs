using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>A file descriptor of its own, closed once; with the few calls that the other folders need on it.</summary>
internal sealed unsafe class Descriptor : SafeHandle
{
    internal const int O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    internal const short POLLIN = 1;

    internal Descriptor(int fd) : base(-1, true) => SetHandle(fd);

    public override bool IsInvalid => handle < 0;

    internal int Number => (int)handle;

    /// <summary>open(2); close-on-exec always.</summary>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    internal static Descriptor Open(string path, int flags, string? hint = null, uint mode = 0)
    {
        var fd = NativeMethods.Open(path, flags | O_CLOEXEC, mode);
        return fd >= 0 ? new Descriptor(fd) : throw LinuxException.Last($"open {path}", hint);
    }

    /// <summary>poll(2) for input; negative waits for ever.</summary>
    /// <returns>False when the time was up.</returns>
    internal bool WaitReadable(int timeoutMs) => Wait(timeoutMs, Number) == 0;

    /// <summary>Waits until a descriptor has input, or waiting is to stop; negative waits for ever.</summary>
    /// <returns>False when the time was up or it was stopped.</returns>
    internal static bool Wait(int timeoutMs, int descriptor, CancellationToken stop)
    {
        using var wake = new Descriptor(NativeMethods.EventFd(0, O_CLOEXEC));
        using var registration = stop.Register(() =>
        {
            var one = 1UL;
            _ = NativeMethods.Write(wake.Number, &one, sizeof(ulong));
        });
        return Wait(timeoutMs, descriptor, wake.Number) == 0;
    }

    /// <summary>Waits until one of the descriptors has input, and gives its place in the list; -1 when the time was up.</summary>
    internal static int Wait(int timeoutMs, params ReadOnlySpan<int> descriptors)
    {
        var polls = stackalloc PollFd[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++) polls[i] = new PollFd { Fd = descriptors[i], Events = POLLIN };
        var end = Environment.TickCount64 + timeoutMs;
        while (true)
        {
            var left = timeoutMs < 0 ? -1 : (int)Math.Max(0, end - Environment.TickCount64);
            var n = NativeMethods.Poll(polls, (nuint)descriptors.Length, left);
            if (n == 0) return -1;
            if (n < 0 && Marshal.GetLastPInvokeError() != Libc.Errno.EINTR) throw LinuxException.Last("poll");
            for (var i = 0; n > 0 && i < descriptors.Length; i++)
                if (polls[i].Returned != 0) return i;
        }
    }

    protected override bool ReleaseHandle() => NativeMethods.Close((int)handle) == 0;
}
