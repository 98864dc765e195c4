using System.Collections.Concurrent;
using Weft.Engine;
using Weft.Engine.Reconcile;
using Weft.Linux.NetNs;

namespace Weft.Bench;

/// <summary>A whole ruleset that somebody has flushed on a host with a thousand ports: the reconciler, in process, against loading the same rules from a file.</summary>
internal static class DriftScenarios
{
    private const int Ports = 1000;
    private const int Flushes = 12; // what is measured is the last: by then all is compiled

    // 200 ms are wanted, and loading the file takes some 50; it works out what is missing, writes a journal, and reads all back, which loading a file does not.
    private const double Most = 4;

    internal static IReadOnlyList<Scenario> All { get; } =
        [new("drift-1000", "put back the flushed ruleset of 1,000 ports, from the notice to the commit", "nft -f of the saved ruleset", Most, Ours, Theirs)];

    private static Cost Ours()
    {
        using var host = Applied();
        using var stop = new CancellationTokenSource();
        using var told = new BlockingCollection<DriftEvent>();
        using var ready = new ManualResetEventSlim();
        var options = new EngineOptions(EnginePaths.Of(host.Name, Path.Combine(host.Folder, "state"))) { NetNs = host.Name };
        var reconciler = new Reconciler(options, new ReconcileOptions { Ready = ready.Set, FightLimit = Flushes }, told.Add);
        var running = Task.Factory.StartNew(() => NetNamespace.Run(host.Name, () => reconciler.Run(stop.Token)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        ready.Wait();
        Cost cost = default;
        for (var i = 0; i < Flushes; i++) cost = Flush(host, told);
        stop.Cancel();
        running.Wait();
        return cost;
    }

    private static Cost Flush(BenchHost host, BlockingCollection<DriftEvent> told)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        BenchHost.Shell(host.Inside("nft", "flush", "ruleset"));
        var repaired = told.Take();
        if (repaired.Kind != DriftEventKind.Repaired) throw new InvalidOperationException(repaired.ToString());
        return new(repaired.Duration.TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    private static Cost Theirs()
    {
        using var host = Applied();
        var file = host.Write("saved.nft", BenchHost.Shell(host.Inside("nft", "list", "ruleset")));
        BenchHost.Shell(host.Inside("nft", "flush", "ruleset"));
        return BenchHost.Measure(host.Inside("nft", "-f", file));
    }

    private static BenchHost Applied()
    {
        var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell(host.WeftCommand("apply", host.Write("full.yaml", PortScenarios.Spec(Ports)), "--yes"));
        return host;
    }
}
