using Weft.Core.Spec;

namespace Weft.Engine.Reconcile;

/// <summary>How a <see cref="Reconciler"/> goes about it.</summary>
public sealed record ReconcileOptions
{
    /// <summary>For all projects, whatever they say; null lets each say for itself.</summary>
    public DriftPolicy? Policy { get; init; }
    /// <summary>
    /// After the first notice, so long without another means that the burst is over: the notices of one command come within tens of microseconds of each other,
    /// and a shell script starts the next command about a millisecond later.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(3);
    /// <summary>A burst that does not end is not waited for longer: a port without its policy carries nothing, one without its table is not checked.</summary>
    public TimeSpan LongestBurst { get; init; } = TimeSpan.FromMilliseconds(50);
    /// <summary>An object put back more often than this within <see cref="FightWindow"/> is fought over: who reloads a firewall twice, or restarts a manager, is not.</summary>
    public int FightLimit { get; init; } = 5;
    /// <summary>The time in which repairs are counted; also how long after a hold one more repair is the same fight.</summary>
    public TimeSpan FightWindow { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>The first hold of a fight, or of a repair that was refused; each further one is twice as long.</summary>
    public TimeSpan FirstHold { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>No hold is longer: who mends the cause does not wait for hours.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromMinutes(5);
    /// <summary>How many bytes of notices may wait; null for enough that whole rulesets and thousands of links may change at once. What is lost costs a look at everything.</summary>
    public int? ReceiveBytes { get; init; }
    /// <summary>Called when it watches and the host was looked at once.</summary>
    public Action Ready { get; init; } = () => { };
}
