namespace Weft.Linux.Libc;

/// <summary>Sends signals.</summary>
public static class Signal
{
    private const int SIGTERM = 15;

    /// <summary>Asks a process to end; one that is gone already is no fault.</summary>
    /// <exception cref="LinuxException">The signal may not be sent.</exception>
    public static void Terminate(int process)
    {
        if (NativeMethods.Kill(process, SIGTERM) < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.ESRCH)
            throw LinuxException.Last($"end process {process}");
    }
}
