using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Engine;
using Weft.Engine.Machines;
using Weft.Linux.NetNs;
using Weft.Linux.Route;
using Weft.Linux.Tap;

namespace Weft.Bench;

/// <summary>How long a hypervisor's link waits for its policy beside many ports: from the call that puts it on the bridge until it is in force, verified and written down.</summary>
internal static class LinkLatency
{
    private const int Warm = 20;

    internal static void Run(int ports, int rounds)
    {
        using var host = new BenchHost();
        var options = new EngineOptions(EnginePaths.Of(host.Name, Path.Combine(host.Folder, "state"))) { NetNs = host.Name, Root = host.Folder };
        NetNamespace.Run(host.Name, () =>
        {
            using var engine = WeftEngine.ToAct(options, "bench");
            var outcome = engine.Apply(engine.Propose(new SpecSource("bench.yaml", Text(ports))));
            if (outcome.Kind != OutcomeKind.Committed) throw new InvalidOperationException(outcome.Why);
        });
        using var stop = new CancellationTokenSource();
        using var events = new BlockingCollection<MachineEvent>();
        using var watch = new MachineWatch(options, events.Add);
        using var ready = new ManualResetEventSlim();
        var thread = new Thread(() => NetNamespace.Run(host.Name, () => watch.Run(ready.Set, stop.Token)));
        thread.Start();
        ready.Wait();
        var times = NetNamespace.Run(host.Name, () => Enumerable.Range(0, rounds + Warm).Select(i => One(events, i % ports)).Skip(Warm).ToList());
        stop.Cancel();
        thread.Join();
        Print("from the call", [.. times.Select(t => t.Call).Order()]);
        Print("from the kernel's message", [.. times.Select(t => t.Message).Order()]);

        void Print(string what, List<double> t) =>
            Console.WriteLine($"{ports} ports, {t.Count} links, {what}: median {t[t.Count / 2]:F2} ms, p90 {t[t.Count * 9 / 10]:F2} ms, p99 {t[t.Count * 99 / 100]:F2} ms, most {t[^1]:F2} ms");
    }

    private static (double Call, double Message) One(BlockingCollection<MachineEvent> events, int machine)
    {
        using var route = new RouteSocket();
        var name = $"vnet{machine}";
        using var tap = TapDevice.Open(name);
        route.Execute(new RouteBatch().SetLink(name, new LinkSettings { Mac = MacAddress.Parse($"fe:54:00:00:{machine >> 8:x2}:{machine & 255:x2}"), Up = true }));
        var bridge = route.Link("wb-dev")!.Index;
        var start = Stopwatch.GetTimestamp();
        route.Execute(new RouteBatch().SetLink(name, new LinkSettings { Master = bridge }));
        MachineEvent e;
        while ((e = events.Take()).Kind != MachineEventKind.Attached)
            if (e.Kind is MachineEventKind.Blocked or MachineEventKind.Failed) throw new InvalidOperationException(e.ToString());
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        tap.Dispose();
        while (events.Take().Kind != MachineEventKind.Detached) { }
        return (took, e.Took.TotalMilliseconds);
    }

    private static string Text(int ports) => "version: 1\nname: bench\nnetworks: { dev: { mode: nat, subnets: [10.20.0.0/16], dhcp: false, dns: false } }\nmachines:\n"
        + string.Concat(Enumerable.Range(0, ports).Select(i => $"  m{i}: {{ network: dev, mac: \"52:54:00:00:{i >> 8:x2}:{i & 255:x2}\" }}\n"));
}
