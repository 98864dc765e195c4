using System.Runtime.ExceptionServices;

namespace Weft.Linux.Libc;

/// <summary>
/// A thread that has no file descriptors but those with low numbers: for libraries that can deal with numbers below 1024 (FD_SETSIZE, select(2)) only, in a process
/// that has many open. What it opens is closed with it.
/// </summary>
internal static class BareThread
{
    private const nint SYS_close_range = 436; // the same number on all architectures
    private const int CLOSE_RANGE_UNSHARE = 2;
    // Those below were open when the process began to be busy: the runtime has some of them for itself.
    private const int FirstOther = 256;
    private const uint LastOfAll = uint.MaxValue;
    // Below this all is well: not so many are opened between looking and opening.
    private const int Few = 512;

    /// <summary>Runs a function here where few descriptors are open, else on such a thread, which is in the network namespace of this one.</summary>
    /// <exception cref="LinuxException">There can be no such thread.</exception>
    internal static T RunWhereMany<T>(Func<T> function)
    {
        using (var next = Descriptor.Open("/dev/null", Descriptor.O_RDONLY))
            if (next.Number < Few) return function();
        return Run(function);
    }

    private static T Run<T>(Func<T> function)
    {
        T? result = default;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (NativeMethods.SystemCall(SYS_close_range, FirstOther, unchecked((nint)LastOfAll), CLOSE_RANGE_UNSHARE, 0) < 0) throw LinuxException.Last("close what a thread does not need");
                result = function();
            }
            catch (Exception e) // belongs to the caller
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true, Name = "bare" };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result!;
    }
}
