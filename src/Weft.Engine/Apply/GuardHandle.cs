using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Weft.Engine.Store;
using Weft.Linux.Processes;

namespace Weft.Engine.Apply;

/// <summary>
/// The process that takes an unconfirmed change back. It is started before the first step, in a session of its own, and sees by its standard input
/// being closed that the command that acts has ended, in whatever way.
/// </summary>
internal sealed class GuardHandle : IDisposable
{
    private readonly Process _process;

    private GuardHandle(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it watches.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static GuardHandle Start(EngineOptions options, long id, TimeSpan wait)
    {
        string[] own = ["--change", id.ToString(CultureInfo.InvariantCulture), "--wait", ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
        // None of its streams are those of the command: who reads the output of weft to its end does not wait for the guard.
        var start = new ProcessStartInfo(options.Guard[0], [.. options.Guard[1..], .. own]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() == WeftEngine.GuardReady) return new GuardHandle(process);
            throw new IOException($"start the guard {options.Guard[0]}: it ended at once; without it a change cannot be made with --confirm");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"start the guard {options.Guard[0]}: {e.Message}; without it a change cannot be made with --confirm", e);
        }
    }

    /// <summary>Whether the guard of a change still watches.</summary>
    public static bool IsAlive(JournalHead row) => row.Guard is { } id && Guards(id, row.Id);

    /// <summary>Calls back, from a thread of its own, once the guard of a change has ended, in whatever way.</summary>
    /// <param name="row">The change.</param>
    /// <param name="then">Called; must not throw.</param>
    /// <param name="stop">Ends the waiting, without a call.</param>
    public static void WhenGone(JournalHead row, Action then, CancellationToken stop) => new Thread(() =>
    {
        using var guard = ProcessHandle.Open(row.Guard!.Value);
        if (guard is null || !IsAlive(row) || guard.WaitForExit(stop)) then();
    })
    { IsBackground = true, Name = "guard" }.Start();

    /// <summary>Tells the guard that there is nothing left to watch; it would find out by itself when its time comes.</summary>
    public static void Dismiss(JournalRow row)
    {
        if (IsAlive(row)) Linux.Libc.Signal.Terminate(row.Guard!.Value);
    }

    /// <summary>Leaves the guard alone; it goes on by itself.</summary>
    public void Dispose() => _process.Dispose();

    // Process numbers are used again: only a process that was started for this very change counts.
    private static bool Guards(int process, long change)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return words.Contains("guard") && words.Contains(change.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException) // no such process
        {
            return false;
        }
    }
}
