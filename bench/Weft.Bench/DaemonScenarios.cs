using System.Diagnostics;
using System.Text;
using Weft.Linux.NetNs;
using Weft.Linux.Route;
using Weft.Linux.Tap;

namespace Weft.Bench;

/// <summary>The service: what weftd takes and how fast it answers and acts, against libvirtd and against what is wanted.</summary>
internal static class DaemonScenarios
{
    private const int Networks = 100, Ports = 1000;
    private static readonly string s_libvirtHost = Path.GetFullPath("bench/Weft.Bench/libvirt-host.sh");

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new("daemon-memory", "resident memory of weftd with 100 networks and 1,000 ports", "libvirtd with 100 networks", 1, OurMemory, LibvirtMemory) { Unit = "MB" },
        new("daemon-start", "start of weftd beside 100 networks until curl has an answer", "start of libvirtd with 100 networks until virsh has one", 0.5, OurStart, LibvirtStart) { Unit = "ms" },
        new("get-ports", "GET of 1,000 ports on a connection that stays", "500 a second", 1, GetPorts, () => Wanted(1000.0 / 500)) { Unit = "ms each" },
        new("attach", "a port more and the same port gone, each durable, beside 1,000: 32 clients at once", "300 a second", 1, () => Attach(32), () => Wanted(1000.0 / 300)) { Unit = "ms each" },
        new("alone-attach", "the same by one client", "300 a second", 1, () => Attach(1), () => Wanted(1000.0 / 300)) { Unit = "ms each" },
        new("tap-policy", "a hypervisor's tap put on a bridge until its policy is in force and told, beside 1,000 ports: the 99th of 100", "10 ms", 1, TapPolicy, () => Wanted(10)) { Unit = "ms" },
    ];

    private static Cost Wanted(double ms) => new(ms, ms);

    private static string Spec(int networks, int ports)
    {
        var b = new StringBuilder("version: 1\nname: bench\nnetworks:\n");
        for (var n = 0; n < networks; n++) b.Append($"  n{n}: {{ mode: nat, bridge: wn{n}, subnets: [10.{n}.0.0/20], dhcp: false, dns: false }}\n");
        b.Append("machines:\n");
        for (var i = 0; i < ports; i++) b.Append($"  m{i}: {{ network: n{i % networks}, tap: mt{i}, mac: \"52:54:00:00:{i >> 8:x2}:{i & 255:x2}\" }}\n");
        return b.ToString();
    }

    private static BenchHost Applied(int networks, int ports)
    {
        var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell(host.WeftCommand("apply", host.Write("full.yaml", Spec(networks, ports)), "--yes"));
        return host;
    }

    // With what it takes to have looked at everything and answered once, and some seconds to have given back what that took, as libvirtd has had.
    private static Cost OurMemory()
    {
        using var host = Applied(Networks, Ports);
        using var daemon = new BenchDaemon(host);
        daemon.Ask("GET", "/v1/diff");
        daemon.Ask("GET", "/v1/ports");
        Thread.Sleep(TimeSpan.FromSeconds(10));
        var mb = daemon.ResidentMb;
        return new(mb, mb);
    }

    private static Cost LibvirtMemory()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var orders = string.Concat(Enumerable.Range(0, Networks).Select(i => $"net-define {host.Write($"n{i}.xml", Inputs.LibvirtNetwork(i))}\nnet-start n{i}\n"));
        var kilobytes = Libvirt(host, $"virsh -q -c qemu:///system <{host.Write("orders", orders)} >/dev/null; awk '/^VmRSS/ {{ print $2 }}' /proc/$(pidof libvirtd)/status");
        return new(kilobytes[^1] * 1024 / 1e6, kilobytes[^1] * 1024 / 1e6);
    }

    private static Cost OurStart()
    {
        using var host = Applied(Networks, 0);
        var script = host.Write("start.sh", Timed("weftd", $"curl -sf --unix-socket {BenchDaemon.Socket(host)} http://weftd/v1/version", $"{BenchDaemon.Program} {string.Join(' ', BenchDaemon.Arguments(host))}"));
        var ms = Numbers("bash", script)[^1];
        return new(ms, ms);
    }

    // The first start fills caches of what QEMU can do; the second is measured.
    private static Cost LibvirtStart()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var orders = string.Concat(Enumerable.Range(0, Networks).Select(i => $"net-define {host.Write($"n{i}.xml", Inputs.LibvirtNetwork(i))}\nnet-start n{i}\n"));
        var ms = Libvirt(host, $"virsh -q -c qemu:///system <{host.Write("orders", orders)} >/dev/null; kill $(pidof libvirtd); while pidof libvirtd >/dev/null; do sleep 0.01; done\n"
            + Timed("libvirtd", "virsh -q -c qemu:///system net-list", "libvirtd"))[^1];
        return new(ms, ms);
    }

    // Both clients are programs, started again and again until one is answered.
    private static string Timed(string name, string client, string daemon) => $"""
        start=$(date +%s%N)
        {daemon} >/dev/null 2>&1 &
        {name}=$!
        until {client} >/dev/null 2>&1; do :; done
        echo $((($(date +%s%N) - start) / 1000000))
        kill -9 ${name}

        """;

    private static List<double> Libvirt(BenchHost host, string script) => Numbers(s_libvirtHost, host.Name, "bash", host.Write("run.sh", script));

    private static List<double> Numbers(params string[] command)
    {
        var numbers = new List<double>();
        BenchHost.Stream(line => { if (double.TryParse(line, out var n)) numbers.Add(n); }, command);
        return numbers;
    }

    private static Cost GetPorts()
    {
        using var host = Applied(Networks, Ports);
        using var daemon = new BenchDaemon(host);
        daemon.Ask("GET", "/v1/diff"); // its start is over
        return Each(daemon, 2000, _ => daemon.Ask("GET", "/v1/ports"));
    }

    private static Cost Attach(int clients)
    {
        const int pairs = 1000;
        using var host = Applied(Networks, Ports);
        using var daemon = new BenchDaemon(host);
        daemon.Ask("GET", "/v1/diff");
        var connections = Enumerable.Range(0, clients).Select(_ => daemon.Connection()).ToList();
        void All(string name, int each) => Parallel.For(0, clients, new ParallelOptions { MaxDegreeOfParallelism = clients }, c =>
        {
            for (var i = 0; i < each; i++) Pair(connections[c], $"{name}{c}-{i}", c + i);
        });
        ThreadPool.SetMinThreads(clients, clients); // each waits for its answer
        All("warm", Math.Max(1, pairs / 10 / clients));
        var (cpu, start) = (daemon.Cpu, Stopwatch.GetTimestamp());
        All("more", pairs / clients);
        var (took, times) = (Stopwatch.GetElapsedTime(start), pairs / clients * clients);
        var used = daemon.Cpu - cpu;
        foreach (var c in connections) c.Dispose();
        return new(took.TotalMilliseconds / times, used.TotalMilliseconds / times);
    }

    private static void Pair(BenchConnection daemon, string machine, int network)
    {
        daemon.Ask("POST", "/v1/ports", $$"""{"machine":"{{machine}}","network":"n{{network % Networks}}"}""");
        daemon.Ask("DELETE", $"/v1/ports/{machine}");
    }

    private static Cost Each(BenchDaemon daemon, int times, Action<int> work)
    {
        for (var i = 0; i < times / 10; i++) work(i); // what is done the first time only
        var (cpu, start) = (daemon.Cpu, Stopwatch.GetTimestamp());
        for (var i = 0; i < times; i++) work(i);
        return new(Stopwatch.GetElapsedTime(start).TotalMilliseconds / times, (daemon.Cpu - cpu).TotalMilliseconds / times);
    }

    private static Cost TapPolicy()
    {
        const int warm = 20, links = 100;
        using var host = Applied(1, Ports);
        using var daemon = new BenchDaemon(host);
        daemon.Ask("GET", "/v1/diff");
        using var events = daemon.Events();
        var cpu = daemon.Cpu;
        double[] times = [.. NetNamespace.Run(host.Name, () => Enumerable.Range(0, warm + links).Select(i => Link(events, i)).ToList()).Skip(warm).Order()];
        return new(times[links * 99 / 100], (daemon.Cpu - cpu).TotalMilliseconds / (warm + links));
    }

    private static double Link(StreamReader events, int machine)
    {
        using var route = new RouteSocket();
        using var tap = TapDevice.Open($"vnet{machine}");
        route.Execute(new RouteBatch().SetLink(tap.Name, new LinkSettings { Mac = MacAddress.Parse($"fe:54:00:00:{machine >> 8:x2}:{machine & 255:x2}"), Up = true }));
        var bridge = route.Link("wn0")!.Index;
        var start = Stopwatch.GetTimestamp();
        route.Execute(new RouteBatch().SetLink(tap.Name, new LinkSettings { Master = bridge }));
        Await(events, $"{tap.Name} is the port of");
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        tap.Dispose();
        Await(events, $"{tap.Name} left");
        return took;
    }

    private static void Await(StreamReader events, string text)
    {
        while (events.ReadLine() is { } line)
            if (line.Contains(text, StringComparison.Ordinal)) return;
        throw new IOException("weftd ended its events");
    }
}
