using System.Diagnostics;
using System.Text;

namespace Weft.Bench;

/// <summary>NAT networks with DHCP and DNS against libvirt on one connection; and against themselves when there are many.</summary>
internal static class DhcpScenarios
{
    private const int Count = 60;
    private static readonly string s_libvirtHost = Path.GetFullPath("bench/Weft.Bench/libvirt-host.sh");

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new("dhcp-60", "create 60 NAT networks with DHCP and DNS answering, state durable", "virsh on libvirt, one connection", 1.0 / 30, () => Ours(Count).Create, () => Libvirt().Create),
        new("destroy-60", "destroy those 60 until the command returns with no traffic passing", "virsh on libvirt, one connection", 0.1, () => Ours(Count).Destroy, () => Libvirt().Destroy),
        new("dhcp-500", "500 NAT networks with DHCP, price of one", "10 such networks, price of one", 1.5, () => PerNetwork(500), () => PerNetwork(10)),
    ];

    private static Cost PerNetwork(int count)
    {
        var c = Ours(count).Create;
        return new(c.WallMs / count, c.CpuMs / count);
    }

    private static (Cost Create, Cost Destroy) Ours(int count)
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var file = host.Write("weft.yaml", Inputs.Weft(count, dhcp: true));
        var create = BenchHost.Measure(host.WeftCommand("apply", file, "--yes"));
        return (create, BenchHost.Measure(host.WeftCommand("destroy", "bench", "--yes")));
    }

    /// <summary>The daemon runs already; CPU time is that of its whole cgroup between two marks that the script prints.</summary>
    private static (Cost Create, Cost Destroy) Libvirt()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        using var group = new Cgroup("libvirt");
        var xml = Enumerable.Range(0, Count).Select(i => host.Write($"n{i}.xml", Inputs.LibvirtNetwork(i))).ToList();
        var create = host.Write("create", Lines(xml.Select(f => $"net-create {f}")));
        var destroy = host.Write("destroy", Lines(Enumerable.Range(0, Count).Select(i => $"net-destroy n{i}")));
        var script = host.Write("run.sh", $"""
            echo MARK; virsh -q -c qemu:///system <{create} >/dev/null
            echo MARK; virsh -q -c qemu:///system <{destroy} >/dev/null
            echo MARK
            """);
        var marks = new List<Moment>();
        BenchHost.Stream(line => { if (line == "MARK") marks.Add(new(Stopwatch.GetTimestamp(), group.Cpu())); },
            "/bin/sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group.ProcsFile, s_libvirtHost, host.Name, "bash", script);
        return (marks[0].To(marks[1]), marks[1].To(marks[2]));
    }

    private static string Lines(IEnumerable<string> lines)
    {
        var b = new StringBuilder();
        foreach (var l in lines) b.Append(l).Append('\n');
        return b.ToString();
    }

    private readonly record struct Moment(long Time, TimeSpan Cpu)
    {
        internal Cost To(Moment later) => new(Stopwatch.GetElapsedTime(Time, later.Time).TotalMilliseconds, (later.Cpu - Cpu).TotalMilliseconds);
    }
}
