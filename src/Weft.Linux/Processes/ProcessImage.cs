using System.Diagnostics.CodeAnalysis;
using Weft.Linux.Libc;

namespace Weft.Linux.Processes;

/// <summary>What a process does to itself: become another program, or part from its terminal.</summary>
public static class ProcessImage
{
    private const int SIGPIPE = 13;
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

    /// <summary>Starts a session of its own (setsid(2)): the terminal's hang-up and interrupts no longer reach this process.</summary>
    /// <exception cref="LinuxException">It leads a process group already (EPERM), as a command started by a shell does.</exception>
    public static void NewSession()
    {
        if (NativeMethods.SetSid() < 0) throw LinuxException.Last("start a session");
    }
}
