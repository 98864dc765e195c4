using System.Diagnostics;
using Weft.Linux.Diag;

namespace Weft.Engine.Confirm;

/// <summary>Looks whether an SSH client is still heard.</summary>
internal static class SshProbe
{
    // There is no event for an acknowledgement that comes in: the kernel is asked. Its counters are in milliseconds, a terminal's answer takes tens of them.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    // The kernel counts in ticks of at most 10 ms (CONFIG_HZ=100).
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether anything came in by the connection since a clock was started.</summary>
    public static ProbeResult Ask(SshTarget target, TimeSpan timeout, Stopwatch sinceChange)
    {
        using var never = new ManualResetEventSlim();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var elapsed = sinceChange.Elapsed; // before the kernel is asked: what it says is no older then
            if (TcpConnection.Find(target.Client.Local, target.Client.Remote) is not { Established: true } connection) return new(target, false, "its connection is closed");
            if (connection.SinceReceived + _tick < elapsed) return new(target, true, $"heard {connection.SinceReceived.TotalMilliseconds:0} ms ago");
            if (clock.Elapsed >= timeout)
                return new(target, false, connection.Unacknowledged > 0 ? $"it does not acknowledge what is sent to it ({connection.Retransmits} retransmissions)" : "nothing was heard of it since");
            never.Wait(_interval);
        }
    }
}
