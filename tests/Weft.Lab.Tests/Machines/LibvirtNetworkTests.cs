using Weft.Engine.Machines;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>Weft's networks with a real libvirtd that comes, goes and hangs.</summary>
public sealed class LibvirtNetworkTests
{
    private static string Project(params string[] networks) =>
        $"version: 1\nname: lab\nnetworks:\n{string.Concat(networks.Select((n, i) => $"  {n}: {{ mode: nat, subnets: [10.{20 + i}.0.0/24], dhcp: false, dns: false }}\n"))}machines: {{ web1: {{ network: dev, mac: \"52:54:00:00:00:0a\" }} }}\n";

    private const string Foreign = "<network><name>lab.ops</name><forward mode='bridge'/><bridge name='br-none'/></network>";

    [Fact]
    public void Libvirt_lists_the_networks_and_keeps_those_of_others()
    {
        using var lab = new EngineLab();
        lab.Apply(Project("dev", "test"));
        using var host = new LibvirtHost(lab);
        host.Start();
        host.Write("/run/foreign.xml", Foreign.Replace("lab.ops", "mine", StringComparison.Ordinal));
        host.Virsh("net-define", "/run/foreign.xml");
        using var run = new LibvirtRun(lab, host.Uri);
        run.Next(LibvirtState.Connected);
        Assert.Equal(["lab.dev active yes", "lab.test active yes", "mine inactive no"], List(host));
        Assert.Contains("<bridge name='wb-dev'/>", host.Virsh("net-dumpxml", "lab.dev"), StringComparison.Ordinal);
        Assert.Contains("project=\"lab\" name=\"dev\"", host.Virsh("net-dumpxml", "lab.dev").Replace('\'', '"'), StringComparison.Ordinal);

        lab.Apply(Project("dev"));
        Await(host, "lab.dev active yes", "mine inactive no");
        host.Virsh("net-destroy", "lab.dev");
        run.Watch.Again();
        host.Write("/run/taken.xml", Foreign);
        host.Virsh("net-define", "/run/taken.xml");
        lab.Apply(Project("dev", "ops"));
        Assert.Contains("lab.ops that is not Weft's", run.Next(LibvirtState.Refused), StringComparison.Ordinal);
        Await(host, "lab.dev active yes", "lab.ops inactive no", "mine inactive no");
        lab.Destroy("lab");
        Await(host, "lab.ops inactive no", "mine inactive no");
    }

    [Fact]
    public void An_absent_a_killed_and_a_hanging_libvirtd_keep_nobody_waiting()
    {
        using var lab = new EngineLab();
        lab.Apply(Project("dev"));
        using var host = new LibvirtHost(lab);
        using var machines = new WatchRun(lab);
        using var run = new LibvirtRun(lab, host.Uri, machines.Watch.Hint);
        Assert.Contains("libvirt-sock", run.Next(LibvirtState.Absent), StringComparison.Ordinal);
        host.Start();
        run.Next(LibvirtState.Connected);
        host.Signal("KILL");
        run.Next(LibvirtState.Absent);
        host.Start();
        run.Next(LibvirtState.Connected);

        host.Signal("STOP");
        lab.Apply(Project("dev", "test")); // a network more to tell it of
        run.Next(LibvirtState.Hanging);
        using (var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("vnet0")))
        {
            lab.OnHost("ip link set vnet0 address fe:54:00:00:00:0a master wb-dev up");
            machines.Next(MachineEventKind.Attached, "vnet0");
        }
        machines.Next(MachineEventKind.Detached, "vnet0");
        host.Signal("CONT");
        run.Next(LibvirtState.Connected);
        Await(host, "lab.dev active yes", "lab.test active yes");
        host.Signal("STOP");
        lab.Apply(Project("dev"));
        run.Next(LibvirtState.Hanging);
        Assert.True(run.Stop(), "it waits for libvirtd");
    }

    private static void Await(LibvirtHost host, params string[] expected)
    {
        var last = "";
        Assert.True(SpinWait.SpinUntil(() => (last = string.Join('\n', List(host))) == string.Join('\n', expected), 60_000), $"libvirt has\n{last}");
    }

    private static IEnumerable<string> List(LibvirtHost host) =>
        host.Virsh("net-list", "--all").Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length >= 3).Select(w => string.Join(' ', w[..3])).Order(StringComparer.Ordinal);
}
