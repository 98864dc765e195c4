using System.Diagnostics;
using System.Globalization;
using Weft.Linux.Packet;

namespace Weft.Engine.Confirm;

/// <summary>
/// Asks whether what was reachable before a change is so after it. To be made before the change (it notes who the gateways are) and run after it, on a
/// thread that is in the target network namespace.
/// </summary>
public sealed class ConnectivityProbe
{
    /// <summary>
    /// Long enough for a bridge that has just begun to forward: two forward delays of 15 s (IEEE 802.1D-2004, 17.14) in which its ports listen and learn, and as
    /// much as an answer takes after that.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(1); // RetransTimer of RFC 4861 and minimum RTO of RFC 6298: who answers does so in it
    private readonly List<ProbeTarget> _targets;

    /// <summary>Takes the targets; a gateway without an address becomes those that the default routes have now.</summary>
    /// <exception cref="ArgumentException">A gateway is to be asked, and there is no default route.</exception>
    /// <exception cref="IOException">The kernel does not tell the routes.</exception>
    public ConnectivityProbe(IEnumerable<ProbeTarget> targets) =>
        _targets = [.. targets.SelectMany(Expand).Distinct()];

    /// <summary>
    /// Called before each round of questions. With an SSH target it must make something go to the client (a line on its terminal), because a connection on which nothing is
    /// sent is silent whether it lives or not.
    /// </summary>
    public Action Stir { get; init; } = () => { };

    /// <summary>Asks all targets, again and again, until each has answered once or the time is up.</summary>
    /// <param name="deadline">How long to try.</param>
    /// <param name="stop">Ends the asking, within the second that a round takes.</param>
    /// <returns>One result a target, in their order.</returns>
    /// <exception cref="IOException">The privileges do not suffice to ask.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<ProbeResult> Run(TimeSpan deadline, CancellationToken stop = default)
    {
        var clock = Stopwatch.StartNew();
        var results = new Dictionary<ProbeTarget, ProbeResult>();
        do
        {
            stop.ThrowIfCancellationRequested();
            Stir();
            var left = deadline - clock.Elapsed;
            foreach (var r in Round([.. _targets.Where(t => !results.TryGetValue(t, out var r) || !r.Good)], left < _turn ? left : _turn, clock)) results[r.Target] = r;
        }
        while (clock.Elapsed < deadline && results.Values.Any(r => !r.Good));
        return [.. _targets.Select(t => results[t])];
    }

    /// <summary>As <see cref="Run"/>, in one sentence: what cannot be reached, why, and how long that was tried; null when all is well.</summary>
    /// <exception cref="IOException">The privileges do not suffice to ask.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public string? Complaint(TimeSpan deadline, CancellationToken stop = default) =>
        Run(deadline, stop).Where(r => !r.Good).ToList() is { Count: > 0 } bad ? string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", bad)} (asked for {deadline.TotalSeconds:0.#} s)") : null;

    private static IEnumerable<ProbeTarget> Expand(ProbeTarget target) =>
        target is GatewayTarget { Address: null } ? Gateways.Now().Select(a => new GatewayTarget(a)) : [target];

    private static List<ProbeResult> Round(List<ProbeTarget> targets, TimeSpan turn, Stopwatch clock)
    {
        var results = new List<ProbeResult>();
        results.AddRange(targets.OfType<GatewayTarget>().Select(g => Gateways.Ask(g, turn)));
        results.AddRange(TcpConnect.Ask([.. targets.OfType<TcpTarget>()], turn));
        var pings = targets.OfType<PingTarget>().ToList();
        var echoes = pings.Count == 0 ? null : IcmpEcho.Ask([.. pings.Select(p => p.Address)], turn);
        results.AddRange(pings.Select(p => echoes![p.Address] is { RoundTrip: { } time } ? new ProbeResult(p, true, $"{time.TotalMilliseconds:0.0} ms") : new(p, false, echoes[p.Address].Reason!)));
        // Last: the others give the client the time to answer.
        results.AddRange(targets.OfType<SshTarget>().Select(s => SshProbe.Ask(s, turn, clock)));
        return results;
    }
}
