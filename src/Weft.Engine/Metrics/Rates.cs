using System.Collections.Immutable;
using Weft.Linux.Route;

namespace Weft.Engine.Metrics;

/// <summary>What flows through a network or port.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Machine">Machine; "" for a network.</param>
/// <param name="Link">Bridge or tap.</param>
/// <param name="State">As <see cref="Status.PortStatus.State"/>.</param>
/// <param name="Receive">Bits a second that came from the machine or network.</param>
/// <param name="Transmit">Bits a second that went there.</param>
/// <param name="Packets">Frames a second, both ways.</param>
/// <param name="Drops">Frames a second that were dropped, both ways; those that a port was not allowed to send are among them.</param>
public sealed record Rate(string Project, string Network, string Machine, string Link, string State, double Receive, double Transmit, double Packets, double Drops)
{
    /// <summary>Bits a second, both ways.</summary>
    public double Bits => Receive + Transmit;
}

/// <summary>What flows, from two snapshots.</summary>
/// <param name="Networks">Networks, in the order of the later snapshot.</param>
/// <param name="Ports">Ports, in the order of the later snapshot.</param>
public sealed record Rates(ImmutableArray<Rate> Networks, ImmutableArray<Rate> Ports)
{
    private const int BitsPerByte = 8;

    /// <summary>Compares two snapshots. What is new has not flowed yet; of a counter that began anew, what it counted since then is taken.</summary>
    /// <param name="before">The earlier.</param>
    /// <param name="after">The later.</param>
    /// <param name="elapsed">Time between them; positive.</param>
    public static Rates Between(MetricsSnapshot before, MetricsSnapshot after, TimeSpan elapsed)
    {
        var (networks, ports) = (before.Networks.ToDictionary(n => n.Bridge), before.Ports.ToDictionary(p => p.Tap));
        return new(
            [.. after.Networks.Select(n => Of(new(n.Project, n.Network, "", n.Bridge, n.State, 0, 0, 0, 0), networks.GetValueOrDefault(n.Bridge)?.Link, n.Link, 0, elapsed))],
            [.. after.Ports.Select(p => Of(new(p.Project, p.Network, p.Machine, p.Tap, p.State, 0, 0, 0, 0), ports.GetValueOrDefault(p.Tap)?.Link, p.Link,
                Risen(ports.GetValueOrDefault(p.Tap)?.Spoofed?.Packets ?? 0, p.Spoofed?.Packets ?? 0), elapsed))]);
    }

    private static Rate Of(Rate rate, LinkStatistics? before, LinkStatistics? after, double spoofed, TimeSpan elapsed)
    {
        if (after is not { } b || before is not { } a) return rate;
        var seconds = elapsed.TotalSeconds;
        return rate with
        {
            Receive = BitsPerByte * Risen(a.RxBytes, b.RxBytes) / seconds,
            Transmit = BitsPerByte * Risen(a.TxBytes, b.TxBytes) / seconds,
            Packets = (Risen(a.RxPackets, b.RxPackets) + Risen(a.TxPackets, b.TxPackets)) / seconds,
            Drops = (Risen(a.RxDropped, b.RxDropped) + Risen(a.TxDropped, b.TxDropped) + spoofed) / seconds,
        };
    }

    // A counter that is lower than before began anew.
    private static double Risen(ulong before, ulong after) => after >= before ? after - before : after;
}
