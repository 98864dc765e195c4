using System.Globalization;
using Weft.Linux.Processes;

namespace Weft.Linux.Tests.Processes;

public class UrgentThreadTests
{
    private const int SCHED_OTHER = 0, SCHED_FIFO = 1;

    // Field 41 of proc(5)'s stat, counted behind the name, which may have spaces.
    private static int Policy()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_thread_is_urgent_for_as_long_as_the_action_lasts_also_when_that_fails()
    {
        var inside = -1;
        Assert.Throws<InvalidOperationException>(() => UrgentThread.Run(() =>
        {
            inside = Policy();
            throw new InvalidOperationException();
        }));
        Assert.Equal(SCHED_OTHER, Policy());
        if (inside == SCHED_OTHER) Assert.Skip("this control group has no real-time share, or CAP_SYS_NICE is missing");
        Assert.Equal(SCHED_FIFO, inside);
    }
}
