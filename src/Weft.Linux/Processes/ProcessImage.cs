using System.Diagnostics.CodeAnalysis;
using Weft.Linux.Libc;

namespace Weft.Linux.Processes;

/// <summary>What a process does to itself: become another program, or part from its terminal.</summary>
public static class ProcessImage
{
    private const int SIGPIPE = 13, F_GETFD = 1, FD_CLOEXEC = 1; // signal.h, fcntl.h
    private const int StandardStreams = 3;
    private const nint SIG_DFL = 0;

    /// <summary>
    /// Replaces this process by a program, which keeps its number, files, terminal and the network and mount namespaces of the calling
    /// thread.
    /// </summary>
    /// <param name="program">A path, or a name looked for in PATH.</param>
    /// <param name="arguments">What follows the program's name.</param>
    /// <exception cref="LinuxException">It cannot be run (ENOENT, EACCES).</exception>
    [DoesNotReturn]
    public static int Become(string program, params ReadOnlySpan<string> arguments)
    {
        // The runtime ignores SIGPIPE, and what is ignored stays so in the new program; handlers do not.
        NativeMethods.Signal(SIGPIPE, SIG_DFL);
        NativeMethods.ExecVp(program, [program, .. arguments, null]);
        throw LinuxException.Last($"run {program}");
    }

    /// <summary>
    /// Puts /dev/null in the place of the standard streams that are closed. A file or socket that took such a number would else get all that is printed.
    /// </summary>
    /// <returns>
    /// True when there were any. By then the runtime has taken their numbers for files of its own, which are lost now: the process must <see cref="Become"/>
    /// its program again.
    /// </returns>
    /// <exception cref="LinuxException">/dev/null cannot be opened.</exception>
    public static bool OpenStandardStreams()
    {
        var missing = Enumerable.Range(0, StandardStreams).Where(IsMissing).ToArray();
        if (missing.Length == 0) return false;
        var nowhere = NativeMethods.Open("/dev/null", Descriptor.O_RDWR, 0); // may be one of them itself
        if (nowhere < 0 || missing.Any(fd => NativeMethods.Dup2(nowhere, fd) < 0)) throw LinuxException.Last("open /dev/null in the place of a standard stream");
        if (nowhere >= StandardStreams) _ = NativeMethods.Close(nowhere);
        return true;
    }

    // What was handed over by exec cannot be marked to be closed by it; what the runtime opens is.
    private static bool IsMissing(int fd) => NativeMethods.Fcntl(fd, F_GETFD) is var flags && (flags < 0 || (flags & FD_CLOEXEC) != 0);

    /// <summary>Starts a session of its own (setsid(2)): the terminal's hang-up and interrupts no longer reach this process.</summary>
    /// <exception cref="LinuxException">It leads a process group already (EPERM), as a command started by a shell does.</exception>
    public static void NewSession()
    {
        if (NativeMethods.SetSid() < 0) throw LinuxException.Last("start a session");
    }
}
