using System.Diagnostics;
using Weft.Engine.Machines;
using Weft.Lab.Tests.Machines;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>libvirt moves a machine that runs from one host to another on the same LAN: two network namespaces, each with a libvirtd of its own and another identity.</summary>
[Collection(VmCollection.Name)]
public sealed class LiveMigrationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4); // each step takes seconds where it has the processors for itself
    private const string Mac = "52:54:00:00:00:0a", Address = "198.51.100.50";
    private const string Project = $$"""
        version: 1
        name: lab
        networks: { office: { mode: bridge, uplink: eth1, subnets: [198.51.100.0/24] } }
        machines: { web1: { network: office, mac: "{{Mac}}", address: {{Address}} } }
        """;

    public LiveMigrationTests() => LabVm.Demand();

    [Fact]
    public void A_machine_that_runs_keeps_its_port_and_is_reached_at_the_new_place()
    {
        using var here = new Host("203.0.113.101");
        using var there = new Host("203.0.113.102");
        MigrationTests.Join(here.Lab, there.Lab);
        foreach (var host in (Host[])[here, there]) host.Lab.OnLan("ip address flush dev peer"); // ports of a switch now
        here.Lab.OnLan("ip address add 198.51.100.1/24 dev lan0");
        using var server = HostLab.Start(here.Lab.Lan, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=lan0", "--bind-dynamic", $"--dhcp-range=198.51.100.0,static,1h",
            $"--dhcp-host={Mac},{Address}", $"--dhcp-leasefile={here.Lab.State}/lan-server", "--pid-file=", "--user=root", "--no-ping");
        here.Libvirt.Write("/run/web1.xml", LibvirtGuest.Domain("web1", Mac, "lab.office"));
        here.Libvirt.Virsh("create", "/run/web1.xml");
        var before = here.Machines.Next(MachineEventKind.Attached, "vnet0").Port!;
        Assert.True(SpinWait.SpinUntil(() => LibvirtGuest.Console(here.Libvirt, "web1").Contains("GUEST gave up", StringComparison.Ordinal) || Reached(here.Lab), Patience));
        Assert.True(Reached(here.Lab), LibvirtGuest.Console(here.Libvirt, "web1"));
        MigrationTests.AwaitPlace(here.Lab, Mac, "peer");

        HostLab.Run($"timeout {Patience.TotalSeconds} virsh -q -c {here.Libvirt.Uri} migrate --live web1 {there.Libvirt.Uri} tcp://203.0.113.102");

        var after = there.Machines.Next(MachineEventKind.Attached, "vnet0").Port!;
        Assert.Equal((before.Machine, before.Mac, before.Addresses.Single(), before.Link), (after.Machine, after.Mac, after.Addresses.Single(), after.Link));
        here.Machines.Next(MachineEventKind.Detached, "vnet0");
        MigrationTests.AwaitPlace(here.Lab, Mac, "between"); // the machine's first host hears of it from the switch
        Assert.True(SpinWait.SpinUntil(() => Reached(here.Lab), Patience), "it is not reached at the new place");
        Assert.Contains("running", there.Libvirt.Virsh("domstate", "web1"), StringComparison.Ordinal);
        Assert.Contains("vnet0 is its hypervisor's", Shown(there), StringComparison.Ordinal);
        Assert.DoesNotContain("vnet0", Shown(here), StringComparison.Ordinal);
    }

    private static string Shown(Host host) => WeftProgram.Succeed("--netns", host.Lab.Host, "--state", host.Lab.State, "port", "show", "web1");

    private static bool Reached(EngineLab lab)
    {
        using var ping = HostLab.Start(lab.Lan, "ping", "-q", "-c", "1", "-W", "1", Address);
        ping.WaitForExit();
        return ping.ExitCode == 0;
    }

    private sealed class Host : IDisposable
    {
        internal Host(string address)
        {
            Lab = new();
            Lab.Apply(Project);
            Lab.OnHost($"ip address add {address}/24 dev wb-office"); // for libvirt's own traffic
            Libvirt = new(Lab);
            Libvirt.Start();
            Machines = new(Lab);
            _watch = new(Lab, Libvirt.Uri, Machines.Watch.Hint);
            _watch.Next(LibvirtState.Connected);
        }

        private readonly LibvirtRun _watch;

        internal EngineLab Lab { get; }
        internal LibvirtHost Libvirt { get; }
        internal WatchRun Machines { get; }

        public void Dispose()
        {
            _watch.Dispose();
            Machines.Dispose();
            Libvirt.Dispose();
            Lab.Dispose();
        }
    }
}
