using System.Collections.Immutable;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Engine.Events;
using Weft.Engine.Metrics;
using Weft.Engine.Status;
using Weft.Linux.Route;

namespace Weft.Engine.Tests.Metrics;

/// <summary>Any snapshot; names are of any characters, though Weft itself takes few, and objects may be there twice.</summary>
internal static class SnapshotGen
{
    private static readonly Gen<string> s_name = Gen.String[Gen.OneOf(Gen.Char['a', 'c'], Gen.Int[0, 10].Select(i => "\"\\\n{},= \u00e4\u4e2d#"[i])), 0, 6];

    private static readonly Gen<PacketCount> s_count = Gen.Select(Gen.ULong, Gen.ULong, (p, b) => new PacketCount(p, b));

    private static readonly Gen<LinkStatistics> s_link = Gen.ULong.Array[8].Select(n => new LinkStatistics(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]));

    private static readonly Gen<NetworkFigures> s_network = Gen.Select(s_name, s_name, s_name, Gen.Int[0, 2].Select(i => ((string[])["up", "down", "missing"])[i]), Gen.Int[0, 99], s_link.Nullable(),
        (project, network, bridge, state, n, link) => new NetworkFigures(project, network, "nat", bridge, state, n, n / 2, n, link));

    private static readonly Gen<PortFigures> s_port = Gen.Select(s_name, s_name, s_name, s_name, Gen.Int[0, 2].Select(i => ((string[])["up", "waiting", "missing"])[i]), s_link.Nullable(), s_count.Nullable(),
        (project, network, machine, tap, state, link, spoofed) => new PortFigures(project, network, machine, tap, state, link, spoofed));

    private static readonly Gen<ForwardStatus> s_forward = Gen.Select(s_name, s_name, s_name, s_name, Gen.ULong, (project, network, listen, to, n) => new ForwardStatus(project, network, listen, to, n, n, n));

    internal static readonly Gen<MetricsSnapshot> Any = Gen.Select(Many(s_network), Many(s_port), Many(s_forward), s_name, s_count, Gen.Double,
        (networks, ports, forwards, name, count, number) => new MetricsSnapshot(DateTimeOffset.UnixEpoch.AddDays(20_000))
        {
            Networks = networks, Ports = ports, Forwards = forwards, Version = name,
            Uplinks = [new(name, name, name, true, new(1, 2, 3, 4, 5, 6, 7, 8)), new(name, name, name, false, null)],
            Subnets = [new(name, name, name, 1, number, 2, null)],
            Drops = [new(name, count)],
            Conntrack = new(1, 2),
            Changes = [new(name, "apply", "committed", 3)],
            Events = [new(EventKind.PortAdded, Severity.Info, 5)],
            Sources = [new("links", null), new("leases", name)],
        });

    private static Gen<ImmutableArray<T>> Many<T>(Gen<T> one) => one.Array[0, 5].Select(a => a.Concat(a.Take(1)).ToImmutableArray());
}
