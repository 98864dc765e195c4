using Weft.Engine.Machines;
using Weft.Lab.Tests.Machines;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>A machine that libvirt starts on a network of Weft's: it gets its port, its address and its policy, one NIC more while it runs, and gives all back.</summary>
[Collection(VmCollection.Name)]
public sealed class LibvirtGuestTests
{
    private const int PatienceMs = 240_000; // it takes 20 seconds where it has the processors for itself
    private const string Mac = "52:54:00:00:00:0a", Second = "52:54:00:00:00:0b", Unnamed = "52:54:00:00:00:0c";
    private const string Project = $$"""
        version: 1
        name: lab
        networks: { dev: { mode: nat, subnets: [10.20.0.0/24] } }
        machines:
          web1: { ports: [ { network: dev, mac: "{{Mac}}", address: 10.20.0.50 }, { network: dev, mac: "{{Second}}" } ] }
          db1: dev
        """;

    public LibvirtGuestTests() => LabVm.Demand();

    [Fact]
    public void A_domain_has_its_port_from_start_to_end()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using var host = new LibvirtHost(lab);
        host.Start();
        using var machines = new WatchRun(lab);
        using var libvirt = new LibvirtRun(lab, host.Uri, machines.Watch.Hint);
        libvirt.Next(LibvirtState.Connected);

        host.Write("/run/web1.xml", LibvirtGuest.Domain("web1", Mac, "lab.dev"));
        host.Virsh("create", "/run/web1.xml");
        Assert.Equal("web1", machines.Next(MachineEventKind.Attached, "vnet0").Port!.Machine);
        Assert.True(SpinWait.SpinUntil(() => LibvirtGuest.Console(host, "web1").Contains("GUEST ready", StringComparison.Ordinal) || LibvirtGuest.Console(host, "web1").Contains("GUEST gave up", StringComparison.Ordinal), PatienceMs), LibvirtGuest.Console(host, "web1"));
        Assert.Contains("GUEST ipv4 10.20.0.50 via 10.20.0.1", LibvirtGuest.Console(host, "web1"), StringComparison.Ordinal);

        host.Virsh("attach-interface", "web1", "network", "lab.dev", "--mac", Second, "--model", "virtio", "--live");
        Assert.Equal(("web1", 1), machines.Next(MachineEventKind.Attached, "vnet1").Port is { } p ? (p.Machine, p.Index) : default);
        Assert.True(lab.Plan(Project).IsEmpty);
        host.Virsh("destroy", "web1");
        machines.Next(MachineEventKind.Detached, "vnet0");

        host.Write("/run/db1.xml", LibvirtGuest.Domain("db1", Unnamed, "lab.dev")); // known by its name alone
        host.Virsh("create", "/run/db1.xml");
        Assert.Equal(Unnamed, machines.Next(MachineEventKind.Attached, "vnet2").Port!.Mac.ToString());
        host.Virsh("destroy", "db1");
        machines.Next(MachineEventKind.Detached, "vnet2");
        Assert.All(lab.Allocations.Ports, x => Assert.Null(x.Link));
    }
}
