using System.Diagnostics;

namespace Weft.Tests;

/// <summary>Processes that live in a named network namespace.</summary>
internal static class NetnsProcesses
{
    public static IEnumerable<Process> Of(string name)
    {
        using var list = Process.Start(new ProcessStartInfo("ip", ["netns", "pids", name]) { RedirectStandardOutput = true })!;
        var pids = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.WaitForExit();
        foreach (var pid in pids.Select(int.Parse).Where(p => p != Environment.ProcessId))
            if (Find(pid) is { } process) yield return process;
    }

    private static Process? Find(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException) // it ended meanwhile
        {
            return null;
        }
    }
}
