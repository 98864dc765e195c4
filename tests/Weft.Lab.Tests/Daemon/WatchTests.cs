using Weft.Lab.Tests.Machines;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>What the daemon does of itself: it puts back what others change, and sees to hypervisors' links.</summary>
public sealed class WatchTests
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/24] }
        machines:
          app1: dev
          vm1: { network: dev, mac: "52:54:00:00:00:0a" }

        """;

    [Fact]
    public async Task What_others_take_away_returns_and_is_told()
    {
        using var lab = await new DaemonLab().Up();
        using var events = await EventReader.Listen(lab);
        await lab.Post("/v1/apply", Project);
        await events.Next("applied");
        var rules = lab.Host.OnHost("nft -s list ruleset");

        lab.Host.OnHost("nft flush ruleset");
        var flushed = await events.Next("repaired");
        Assert.Equal("lab", flushed.GetProperty("project").GetString());
        Assert.Contains("was gone", flushed.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Sorted(rules), Sorted(lab.Host.OnHost("nft -s list ruleset")));

        lab.Host.OnHost("ip link delete wt-app1");
        Assert.Contains("wt-app1", (await events.Next("repaired")).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("master wb-dev", lab.Host.OnHost("ip link show wt-app1"), StringComparison.Ordinal);
        Assert.Contains((await lab.Get("/v1/history")).GetProperty("revisions").EnumerateArray(), r => r.GetProperty("verb").GetString() == "repair");
    }

    [Fact]
    public async Task A_dnsmasq_that_is_killed_returns_and_is_told()
    {
        using var lab = await new DaemonLab().Up();
        using var events = await EventReader.Listen(lab);
        await lab.Post("/v1/apply", Project);
        for (var restarts = 1; restarts <= 2; restarts++)
        {
            lab.Host.OnHost($"kill -9 {Dnsmasq(lab)}");
            Assert.Equal("dnsmasq", (await events.Next("repaired", "dnsmasq had ended")).GetProperty("object").GetString());
            Assert.NotNull(Dnsmasq(lab));
            Assert.Equal(restarts, (await lab.Client.GetStringAsync("/v1/events?after=start&follow=false", TestContext.Current.CancellationToken)).Split("dnsmasq had ended").Length - 1);
            // What a command does with it is none.
            await lab.Post("/v1/apply", Project.Replace("machines:", "  two: { mode: nat, subnets: [10.21.0.0/24] }\nmachines:", StringComparison.Ordinal));
            await lab.Delete("/v1/projects/lab");
            await lab.Post("/v1/apply", Project);
        }
    }

    [Fact]
    public async Task A_project_that_says_so_is_left_as_it_is()
    {
        using var lab = await new DaemonLab().Up();
        using var events = await EventReader.Listen(lab);
        await lab.Post("/v1/apply", $"{Project}drift: warn\n");
        lab.Host.OnHost("ip link delete wt-app1");
        Assert.Contains("wt-app1", (await events.Next("drift")).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wt-app1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hypervisors_link_gets_the_port_of_its_machine_and_a_stranger_none()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", Project);
        using var events = await EventReader.Listen(lab);
        using var stranger = Tap(lab, "vnet8", "fe:54:00:00:00:99");
        Assert.Equal("vnet8", (await events.Next("port-state", "carries nothing")).GetProperty("object").GetString());
        Assert.DoesNotContain("vnet8", lab.Host.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
        using (var tap = Tap(lab, "vnet7", "fe:54:00:00:00:0a"))
        {
            Assert.Equal("vm1", (await events.Next("port-state", "is the port of")).GetProperty("object").GetString());
            Assert.Contains("alias weft:lab:dev:vm1:guest", lab.Host.OnHost("ip link show vnet7"), StringComparison.Ordinal);
            Assert.Contains("vnet7", lab.Host.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
        }
        await events.Next("port-state", "vnet7 left");
    }

    [Fact]
    public async Task An_absent_a_restarted_and_a_hanging_libvirtd_keep_nobody_waiting()
    {
        using var host = new Projects.EngineLab();
        using var libvirt = new LibvirtHost(host);
        using var lab = await new DaemonLab("--libvirt", libvirt.Uri).Up();
        using var events = await EventReader.Listen(lab, "?after=start");
        await events.Next("daemon", "libvirt is absent");
        libvirt.Start();
        await events.Next("daemon", "libvirt is connected");
        await lab.Post("/v1/apply", Project);
        Assert.True(SpinWait.SpinUntil(() => libvirt.Virsh("net-list", "--all", "--name").Contains("lab.dev", StringComparison.Ordinal), TimeSpan.FromMinutes(1)), "libvirt does not list the network");
        libvirt.Signal("KILL");
        await events.Next("daemon", "libvirt is absent");
        libvirt.Start();
        await events.Next("daemon", "libvirt is connected");

        libvirt.Signal("STOP");
        await lab.Post("/v1/apply", Project.Replace("machines:", "  two: { mode: nat, subnets: [10.21.0.0/24] }\nmachines:", StringComparison.Ordinal));
        await events.Next("daemon", "libvirt is hanging");
        using (var tap = Tap(lab, "vnet7", "fe:54:00:00:00:0a")) await events.Next("port-state", "is the port of vm1");
        Assert.Equal(2, (await lab.Get("/v1/networks")).GetProperty("networks").GetArrayLength());
        libvirt.Signal("CONT");
        await events.Next("daemon", "libvirt is connected");
        libvirt.Signal("STOP");
        Assert.Equal(0, await lab.Stop()); // it does not wait for libvirtd
    }

    private static TapDevice Tap(DaemonLab lab, string name, string mac)
    {
        var tap = NetNamespace.Run(lab.Host.Host, () => TapDevice.Open(name));
        lab.Host.OnHost($"ip link set {name} address {mac} master wb-dev up");
        return tap;
    }

    private static int? Dnsmasq(DaemonLab lab)
    {
        var found = Weft.Tests.NetnsProcesses.Of(lab.Host.Host).Where(p => p.ProcessName == "dnsmasq").ToList();
        return found.Count == 0 ? null : found[0].Id;
    }

    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));
}
