namespace Weft.Linux.Libc;

/// <summary>Wakes a thread that waits for descriptors (eventfd(2)).</summary>
public sealed unsafe class WakeUp : IDisposable
{
    private const int EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800;
    private readonly Descriptor _event;

    /// <summary>Makes one.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public WakeUp()
    {
        var fd = NativeMethods.EventFd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        _event = fd >= 0 ? new Descriptor(fd) : throw LinuxException.Last("make an eventfd");
    }

    /// <summary>The descriptor, for poll(2): readable from <see cref="Signal"/> to <see cref="Reset"/>.</summary>
    public int Descriptor => _event.Number;

    /// <summary>Wakes whoever waits; from any thread.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = NativeMethods.Write(_event.Number, &one, sizeof(ulong)); // EAGAIN: it is signalled already
    }

    /// <summary>What was signalled is seen.</summary>
    public void Reset()
    {
        ulong count;
        _ = NativeMethods.Read(_event.Number, &count, sizeof(ulong)); // EAGAIN: it was not
    }

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();
}
