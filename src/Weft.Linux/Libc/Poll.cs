namespace Weft.Linux.Libc;

/// <summary>poll(2).</summary>
public static class Poll
{
    /// <summary>Waits until one of the descriptors has input.</summary>
    /// <param name="patience">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="descriptors">The descriptors.</param>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool Any(TimeSpan patience, params ReadOnlySpan<int> descriptors)
    {
        // Rounded up: one that comes back early would be asked again and again. The longest is some 24 days.
        var ms = patience == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(Math.Ceiling(patience.TotalMilliseconds), int.MaxValue);
        return Descriptor.Wait(ms, descriptors) >= 0;
    }
}

/// <summary>A signal that poll(2) sees (eventfd(2)). It may be set by any thread, and stays until it is cleared.</summary>
public sealed unsafe class EventSignal : IDisposable
{
    private readonly Descriptor _event = new(NativeMethods.EventFd(0, Libc.Descriptor.O_CLOEXEC | Libc.Descriptor.O_NONBLOCK));

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _event.Number;

    /// <summary>Sets it; does nothing when it was disposed, as a thread that was to set it may come late.</summary>
    public void Set()
    {
        var (one, held) = (1UL, false);
        try
        {
            _event.DangerousAddRef(ref held);
            _ = NativeMethods.Write(_event.Number, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        finally
        {
            if (held) _event.DangerousRelease();
        }
    }

    /// <summary>Clears it.</summary>
    /// <returns>Whether it was set.</returns>
    public bool Clear()
    {
        ulong count;
        return NativeMethods.Read(_event.Number, &count, sizeof(ulong)) > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();
}
