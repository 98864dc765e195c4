using System.Runtime.InteropServices;
using Weft.Linux.Libc;

namespace Weft.Linux.Processes;

/// <summary>Runs what must not be interrupted for long: on a busy host the scheduler may let others run for many milliseconds between two system calls.</summary>
public static unsafe partial class UrgentThread
{
    private const int SCHED_FIFO = 1;

    /// <summary>
    /// Runs an action with the lowest of the real-time priorities (sched(7)), which is above all ordinary threads, and gives the thread its own back. Without the
    /// privilege (CAP_SYS_NICE, or a cgroup without real-time share) it runs as any other.
    /// </summary>
    public static void Run(Action action)
    {
        int before = 0, urgent = 1; // struct sched_param
        var policy = SchedGetScheduler(0);
        var known = policy >= 0 && SchedGetParam(0, &before) == 0;
        var raised = known && SchedSetScheduler(0, SCHED_FIFO, &urgent) == 0;
        try
        {
            action();
        }
        finally
        {
            if (raised) _ = SchedSetScheduler(0, policy, &before); // to go down is always allowed
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getscheduler", SetLastError = true)]
    private static partial int SchedGetScheduler(int thread);

    [LibraryImport("libc", EntryPoint = "sched_getparam", SetLastError = true)]
    private static partial int SchedGetParam(int thread, int* parameter);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SchedSetScheduler(int thread, int policy, int* parameter);
}
