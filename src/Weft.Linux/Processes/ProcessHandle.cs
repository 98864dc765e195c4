using Weft.Linux.Libc;

namespace Weft.Linux.Processes;

/// <summary>
/// A process held by a pidfd (pidfd_open(2)): its number cannot come to mean another process. What is read in /proc under the number
/// after the handle was opened is of this process as long as it has not ended.
/// </summary>
public sealed class ProcessHandle : IDisposable
{
    private readonly Descriptor _descriptor;

    private ProcessHandle(int id, int descriptor)
    {
        Id = id;
        _descriptor = new Descriptor(descriptor);
    }

    /// <summary>The process's number.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended, though its parent may not have asked for its exit code yet.</summary>
    public bool HasExited => WaitForExit(0);

    /// <summary>The process of a number; null when there is none.</summary>
    /// <param name="id">Positive.</param>
    /// <exception cref="LinuxException">The kernel refused for another reason.</exception>
    public static ProcessHandle? Open(int id)
    {
        var fd = NativeMethods.SystemCall(NativeMethods.SYS_pidfd_open, id, 0, 0, 0);
        if (fd >= 0) return new ProcessHandle(id, (int)fd);
        var error = LinuxException.Last($"open process {id}");
        return error.Errno == Errno.ESRCH ? null : throw error;
    }

    /// <summary>Sends a signal; one that ended meanwhile needs none.</summary>
    /// <param name="signal">As in signal(7): 15 is TERM, 9 is KILL.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Signal(int signal)
    {
        if (NativeMethods.SystemCall(NativeMethods.SYS_pidfd_send_signal, _descriptor.Number, signal, 0, 0) == 0) return;
        var error = LinuxException.Last($"send signal {signal} to process {Id}");
        if (error.Errno != Errno.ESRCH) throw error;
    }

    /// <summary>Waits until it has ended; of any process, not only of children.</summary>
    /// <param name="timeoutMs">Negative waits for ever.</param>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="LinuxException">poll(2) failed.</exception>
    public bool WaitForExit(int timeoutMs) => _descriptor.WaitReadable(timeoutMs);

    /// <summary>Waits until it has ended, or until waiting is to stop.</summary>
    /// <returns>False when it was stopped.</returns>
    /// <exception cref="LinuxException">poll(2) failed.</exception>
    public bool WaitForExit(CancellationToken stop) => Descriptor.Wait(-1, _descriptor.Number, stop);

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
