using Weft.Core.Ipam;
using Weft.Engine.Machines;
using Weft.Lab.Tests.Netns.Policy;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>Links of hypervisors become the ports of their machines and are given back.</summary>
public sealed class MachineWatchTests : IDisposable
{
    private const string Mac = "52:54:00:00:00:0a";
    private readonly EngineLab _lab = new();
    private readonly List<TapDevice> _taps = [];

    private static string Project(string more = "", string machines = $$"""{ web1: { network: dev, mac: "{{Mac}}", isolated: true }, web2: dev }""") =>
        $"version: 1\nname: lab\nnetworks: {{ dev: {{ mode: nat, subnets: [10.20.0.0/24], dhcp: false, dns: false{more} }} }}\nmachines: {machines}\n";

    public void Dispose()
    {
        foreach (var t in _taps) t.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public void A_link_is_the_port_of_the_machine_whose_mac_it_has_until_it_leaves()
    {
        _lab.Apply(Project());
        using var watch = new WatchRun(_lab);
        var before = _lab.Picture();
        Tap("vnet7", "fe:54:00:00:00:0a");
        Assert.Equal("web1", watch.Next(MachineEventKind.Attached, "vnet7").Port!.Machine);
        Assert.Equal("vnet7", Port("web1").Link);
        Assert.Contains("alias weft:lab:dev:web1:guest", _lab.OnHost("ip link show vnet7"), StringComparison.Ordinal);
        Assert.Contains("isolated on", _lab.OnHost("bridge -d link show dev vnet7"), StringComparison.Ordinal);
        Assert.True(_lab.Plan(Project()).IsEmpty);

        End("vnet7");
        watch.Next(MachineEventKind.Detached, "vnet7");
        Assert.Null(Port("web1").Link);
        Assert.True(_lab.Plan(Project()).IsEmpty);
        _lab.AssertIs(before, "after the machine");
    }

    [Fact]
    public void A_link_that_is_taken_off_the_bridge_has_nothing_of_wefts_left()
    {
        _lab.Apply(Project());
        using var watch = new WatchRun(_lab);
        Tap("vnet7", "fe:54:00:00:00:0a");
        watch.Next(MachineEventKind.Attached, "vnet7");
        _lab.OnHost("ip link set vnet7 nomaster");
        watch.Next(MachineEventKind.Detached, "vnet7");
        Assert.DoesNotContain("alias", _lab.OnHost("ip link show vnet7"), StringComparison.Ordinal);
        Assert.DoesNotContain("vnet7", _lab.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_of_no_file_stays_out_until_one_names_it()
    {
        _lab.Apply(Project(machines: "{ web2: dev }"));
        using var watch = new WatchRun(_lab);
        Tap("vnet7", "fe:54:00:00:00:0a");
        Assert.Contains("no port has MAC ??:54:00:00:00:0a", watch.Next(MachineEventKind.Blocked, "vnet7").Why, StringComparison.Ordinal);
        Assert.Contains("flood off", _lab.OnHost("bridge -d link show dev vnet7"), StringComparison.Ordinal);
        _lab.Apply(Project());
        watch.Next(MachineEventKind.Attached, "vnet7");
        Assert.Contains("flood on", _lab.OnHost("bridge -d link show dev vnet7"), StringComparison.Ordinal);
        _lab.Apply(Project(machines: "{ web2: dev }"));
        watch.Next(MachineEventKind.Blocked, "vnet7");
        Assert.DoesNotContain("vnet7", _lab.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_may_give_every_machine_a_port_by_the_mac_that_its_frames_have()
    {
        _lab.Apply(Project(", default_port: guard"));
        using var watch = new WatchRun(_lab);
        var tap = Tap("tap3", "fe:54:00:00:00:77");
        watch.Next(MachineEventKind.Blocked, "tap3");
        StrangerTests.AwaitForwarding(_lab, "tap3");
        tap.Write(Frames.Arp("52:54:00:00:00:77", "52:54:00:00:00:77", "0.0.0.0", "10.20.0.1", 1));
        var port = watch.Next(MachineEventKind.Attached, "tap3").Port!;
        Assert.Equal(("tap3", "52:54:00:00:00:77", true), (port.Machine, port.Mac.ToString(), port.Guest));
        Assert.NotEmpty(port.Addresses);
        Assert.True(_lab.Plan(Project(", default_port: guard")).IsEmpty);
        End("tap3");
        watch.Next(MachineEventKind.Detached, "tap3");
        Assert.Equal(["web1", "web2"], _lab.Allocations.Ports.Select(p => p.Machine).Order());
    }

    [Fact]
    public void A_stranger_is_shut_out_and_let_in_as_the_file_says_that_is_applied()
    {
        string Strangers(string get) => Project($", default_port: {get}");
        _lab.Apply(Strangers("guard"));
        using var watch = new WatchRun(_lab);
        Tap("vnet7", "fe:54:00:00:00:77");
        watch.Next(MachineEventKind.Blocked, "vnet7"); // until its MAC is known
        watch.Watch.Hint("vnet7", new GuestIdentity(new(0x52_54_00_00_00_77), null));
        watch.Next(MachineEventKind.Attached, "vnet7");

        _lab.Apply(Strangers("block"));
        watch.Next(MachineEventKind.Blocked, "vnet7");
        Assert.Equal(["web1", "web2"], _lab.Allocations.Ports.Select(p => p.Machine).Order());
        Assert.DoesNotContain("vnet7", _lab.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
        Assert.Contains("flood off", Bridged("vnet7"), StringComparison.Ordinal);

        _lab.Apply(Strangers("allow"));
        watch.Next(MachineEventKind.Allowed, "vnet7");
        Assert.DoesNotContain("flood off", Bridged("vnet7"), StringComparison.Ordinal);
        _lab.Apply(Strangers("guard"));
        watch.Next(MachineEventKind.Attached, "vnet7");
        Assert.Contains("vnet7", _lab.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
        _lab.Apply(Strangers("allow"));
        watch.Next(MachineEventKind.Allowed, "vnet7");
        Assert.DoesNotContain("flood off", Bridged("vnet7"), StringComparison.Ordinal);
        Assert.True(_lab.Plan(Strangers("allow")).IsEmpty);
        _lab.Apply(Strangers("block"));
        watch.Next(MachineEventKind.Blocked, "vnet7");
        Assert.Contains("flood off", Bridged("vnet7"), StringComparison.Ordinal);
    }

    private string Bridged(string link) => _lab.OnHost($"bridge -d link show dev {link}");

    [Fact]
    public void A_name_tells_the_machine_where_the_file_leaves_the_mac_open()
    {
        _lab.Apply(Project());
        using var watch = new WatchRun(_lab);
        Tap("tap3", "02:00:00:00:00:33");
        watch.Next(MachineEventKind.Blocked, "tap3");
        watch.Watch.Hint("tap3", new GuestIdentity(new(0x52_54_00_00_00_99), "web2"));
        Assert.Equal("web2", watch.Next(MachineEventKind.Attached, "tap3").Port!.Machine);
        Assert.Equal("52:54:00:00:00:99", Port("web2").Mac.ToString());
        Assert.True(_lab.Plan(Project()).IsEmpty);
    }

    [Fact]
    public void What_happened_while_nobody_watched_is_made_up_for()
    {
        _lab.Apply(Project());
        using (var watch = new WatchRun(_lab))
        {
            Tap("vnet7", "fe:54:00:00:00:0a");
            watch.Next(MachineEventKind.Attached, "vnet7");
        }
        End("vnet7");
        Tap("vnet8", "fe:54:00:00:00:0a");
        Assert.False(_lab.Plan(Project()).IsEmpty);
        using (var watch = new WatchRun(_lab)) watch.Next(MachineEventKind.Attached, "vnet8");
        Assert.Equal("vnet8", Port("web1").Link);
        Assert.True(_lab.Plan(Project()).IsEmpty);
        End("vnet8");
        _lab.Apply(Project());
        Assert.Null(Port("web1").Link);
        Assert.DoesNotContain("vnet8", _lab.OnHost("nft list table bridge weft"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_machine_with_the_mac_of_the_first_gets_nothing()
    {
        _lab.Apply(Project());
        using var watch = new WatchRun(_lab);
        Tap("vnet7", "fe:54:00:00:00:0a");
        watch.Next(MachineEventKind.Attached, "vnet7");
        Tap("vnet8", "fe:54:00:00:00:0a");
        Assert.Contains("is vnet7 already", watch.Next(MachineEventKind.Blocked, "vnet8").Why, StringComparison.Ordinal);
        End("vnet7");
        watch.Next(MachineEventKind.Detached, "vnet7");
        watch.Next(MachineEventKind.Attached, "vnet8");
    }

    private PortAllocation Port(string machine) => _lab.Allocations.Ports.Single(p => p.Machine == machine);

    private TapDevice Tap(string link, string mac)
    {
        var tap = NetNamespace.Run(_lab.Host, () => TapDevice.Open(link));
        _taps.Add(tap);
        _lab.OnHost($"ip link set {link} address {mac}");
        _lab.OnHost($"ip link set {link} master wb-dev up");
        return tap;
    }

    private void End(string link)
    {
        var tap = _taps.Single(t => t.Name == link);
        _taps.Remove(tap);
        tap.Dispose();
    }
}
