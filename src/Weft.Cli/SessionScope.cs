namespace Weft.Cli;

/// <summary>
/// A login session's control group: systemd-logind may end every process in it when the last connection of the session is gone (KillUserProcesses), which is
/// just when the guard is needed.
/// </summary>
internal static class SessionScope
{
    private const string Own = "/proc/self/cgroup", Root = "/sys/fs/cgroup/cgroup.procs";

    /// <summary>Moves the process to the root of the hierarchy when it is in a user's session; a host without systemd has nothing to leave.</summary>
    internal static void Leave()
    {
        if (!File.ReadAllText(Own).Contains("/user.slice/", StringComparison.Ordinal) || !File.Exists(Root)) return;
        try
        {
            File.WriteAllText(Root, $"{Environment.ProcessId}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"weft: the guard stays in the login session, {e.Message}: with KillUserProcesses=yes it ends with it, and the next weft command takes the change back");
        }
    }
}
