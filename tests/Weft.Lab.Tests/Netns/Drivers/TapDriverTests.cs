using System.Text.Json;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Linux.Libc;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class TapDriverTests
{
    private static TapResource Full => DriverLab.Tap() with { Mtu = 1400, MultiQueue = true, Isolated = true, Hairpin = true, BpduGuard = true, Cost = 42 };

    private static void Run(Action<DriverLab, RouteSocket, TapDriver> test) => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(DriverLab.Bridge(), DriverLab.Bridge("wb-two", network: "two"));
        test(lab, route, new TapDriver(route));
    });

    [Fact]
    public void What_is_made_is_read_back_and_goes_without_a_trace() => Run((_, route, driver) =>
    {
        driver.Survives(DriverLab.Tap(), Full with { Name = "wt-full", Machine = "full" }, DriverLab.Tap("wt-two", "wb-two", "two"));
        Assert.Empty(route.Links(kind: "tun"));
    });

    [Fact]
    public void A_tap_is_as_ip_shows_it() => Run((lab, _, driver) =>
    {
        driver.Create(Full);
        var seen = JsonDocument.Parse(lab.Ip("-j", "-d", "link", "show", "dev", "wt-web1")).RootElement[0];
        Assert.Equal(("weft:lab:dev:web1", "wb-dev", 1400), (seen.GetProperty("ifalias").GetString(), seen.GetProperty("master").GetString(), seen.GetProperty("mtu").GetInt32()));
        Assert.Equal("none", seen.GetProperty("inet6_addr_gen_mode").GetString());
        Assert.Contains("UP", seen.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        var info = seen.GetProperty("linkinfo");
        var (tun, port) = (info.GetProperty("info_data"), info.GetProperty("info_slave_data"));
        Assert.Equal(("tap", true, true), (tun.GetProperty("type").GetString(), tun.GetProperty("persist").GetBoolean(), tun.GetProperty("multi_queue").GetBoolean()));
        Assert.True(port.GetProperty("isolated").GetBoolean() && port.GetProperty("hairpin").GetBoolean() && port.GetProperty("guard").GetBoolean());
        Assert.Equal(42, port.GetProperty("cost").GetInt32());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_machine_can_open_it(bool multiQueue) => Run((_, _, driver) =>
    {
        driver.Create(DriverLab.Tap() with { MultiQueue = multiQueue });
        using var queue = TapDevice.Open("wt-web1", multiQueue, vnetHdr: true);
        Assert.Equal("wt-web1", queue.Name);
        driver.Has(DriverLab.Tap() with { MultiQueue = multiQueue });
        driver.Delete(DriverLab.Tap() with { MultiQueue = multiQueue });
        driver.Has();
    });

    [Fact]
    public void Settings_change_in_place() => Run((_, route, driver) =>
    {
        var plain = Full with { Isolated = false, Hairpin = false, BpduGuard = false, Mtu = 1500, Machine = "renamed" };
        driver.Create(Full);
        var index = route.Link("wt-web1")!.Index;
        driver.Change(Full, plain);
        driver.Has(plain);
        driver.Change(plain, Full);
        driver.Has(Full);
        Assert.Equal(index, route.Link("wt-web1")!.Index);
    });

    [Fact]
    public void Another_bridge_and_back_keeps_the_settings() => Run((_, route, driver) =>
    {
        var moved = Full with { Bridge = "wb-two", Network = "two" };
        driver.Create(Full);
        var index = route.Link("wt-web1")!.Index;
        driver.Change(Full, moved);
        driver.Has(moved);
        driver.Change(moved, Full);
        driver.Has(Full);
        Assert.Equal(index, route.Link("wt-web1")!.Index);
    });

    [Fact]
    public void More_queues_are_another_tap() => Run((_, route, driver) =>
    {
        var single = DriverLab.Tap();
        driver.Create(single);
        driver.Change(single, single with { MultiQueue = true });
        driver.Has(single with { MultiQueue = true });
        driver.Create(single);
        driver.Has(single);
        Assert.True(route.Link("wt-web1")!.IsUp);
    });

    [Fact]
    public void What_drifted_is_mended_by_making_it_again() => Run((lab, route, driver) =>
    {
        driver.Create(Full);
        lab.Ip("link", "set", "wt-web1", "nomaster", "down");
        Assert.Equal(("", false), Assert.Single(driver.All()) is TapResource t ? (t.Bridge, t.Up) : default);
        driver.Create(Full);
        driver.Has(Full);
        lab.Ip("link", "set", "wt-web1", "down");
        Assert.Equal(Full with { Up = false }, Assert.Single(driver.All()));
        driver.Change(Full with { Up = false }, Full);
        driver.Has(Full);
        driver.Change(Full, Full with { Up = false });
        driver.Has(Full with { Up = false });
        driver.Create(Full);
        driver.Has(Full);
        Assert.True(route.Link("wt-web1")!.IsUp);
    });

    [Fact]
    public void A_link_of_somebody_else_is_refused_and_left_as_it_is() => Run((lab, route, driver) =>
    {
        TapDevice.Create("wt-web1");
        lab.Ip("link", "set", "wt-web1", "alias", "mine");
        var before = route.Link("wt-web1")! with { Statistics = null };
        var e = Assert.Throws<DriverException>(() => driver.Create(DriverLab.Tap("wt-new"), DriverLab.Tap()));
        Assert.Equal("create tap wt-web1: a link of this name (tun) is there and is not Weft's; rename or delete it, or choose another name", e.Message);
        Assert.Null(route.Link("wt-new"));
        driver.Delete(DriverLab.Tap());
        Assert.Equal(before, route.Link("wt-web1")! with { Statistics = null });
        driver.Has();
    });

    [Fact]
    public void Without_its_bridge_nothing_is_made() => Run((_, route, driver) =>
    {
        var e = Assert.Throws<DriverException>(() => driver.Create(DriverLab.Tap("wt-a"), DriverLab.Tap("wt-b", bridge: "wb-none")));
        Assert.Equal("make wt-b a port of wb-none: there is no link wb-none; apply the project again: it was deleted meanwhile", e.Message);
        Assert.Empty(route.Links(kind: "tun"));
    });

    [Fact]
    public void A_port_that_lacks_a_setting_does_not_come_up() => Run((lab, route, driver) =>
    {
        lab.Ip("link", "add", "no-bridge", "type", "veth", "peer", "name", "peer");
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(DriverLab.Tap() with { Bridge = "no-bridge" }));
        Assert.StartsWith("set wt-web1: master no-bridge: ", e.Message);
        Assert.False(route.Link("wt-web1")!.IsUp);
        driver.Delete(DriverLab.Tap());
        Assert.Null(route.Link("wt-web1"));
    });

    [Fact]
    public void A_thousand_taps_in_one_list() => Run((_, _, driver) =>
    {
        TapResource[] taps = [.. Enumerable.Range(0, 1000).Select(i => DriverLab.Tap($"wt-{i}", i % 2 == 0 ? "wb-dev" : "wb-two", $"m{i}"))];
        driver.Create(taps);
        driver.Has(taps);
        driver.Delete(taps);
        driver.Has();
    });

    private static bool FiltersVlans(RouteSocket route) =>
        route.TryExecute(new RouteBatch().NewBridge("probe", 0, new LinkSettings { Bridge = new BridgeOptions { VlanFiltering = true } }).DelLink("probe")).Count == 0;

    [Fact]
    public void Vlans_of_a_port() => DriverLab.Run((_, route) =>
    {
        var bridge = DriverLab.Bridge() with { VlanFiltering = true };
        if (!FiltersVlans(route)) Assert.Skip("this kernel's bridges filter no VLANs (CONFIG_BRIDGE_VLAN_FILTERING)");
        new BridgeDriver(route).Create(bridge);
        var driver = new TapDriver(route);
        var access = DriverLab.Tap() with { Vlans = new PortVlans(10, []) };
        var trunk = access with { Vlans = new PortVlans(null, [new VlanRange(20, 30), new VlanRange(5, 5), new VlanRange(31, 40)]) };
        driver.Survives(access, trunk with { Name = "wt-trunk" }, DriverLab.Tap("wt-both") with { Vlans = new PortVlans(1, [new VlanRange(2, 4094)]) });
        driver.Create(access);
        driver.Change(access, trunk);
        driver.Has(trunk);
        driver.Change(trunk, access);
        driver.Has(access);
        new BridgeDriver(route).Change(bridge, bridge with { DefaultPvid = 10 });
        new BridgeDriver(route).Has(bridge with { DefaultPvid = 10 });
        driver.Has(access);
        driver.Survives([access, .. Enumerable.Range(0, 70).Select(i => DriverLab.Tap($"wt-{i}", machine: $"m{i}") with { Vlans = new PortVlans(100 + i, [new VlanRange(1000, 1000 + i)]) })]);
    });

    [Fact]
    public void Vlans_where_the_kernel_has_none_are_an_error_and_the_port_stays_down() => Run((_, route, driver) =>
    {
        if (FiltersVlans(route)) Assert.Skip("this kernel's bridges filter VLANs");
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(DriverLab.Tap() with { Vlans = new PortVlans(10, []) }));
        Assert.StartsWith("add VLAN 10 of wt-web1: ", e.Message);
        Assert.False(route.Link("wt-web1")!.IsUp);
    });
}
