using System.Text.Json;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class BridgeDriverTests
{
    private static BridgeResource Full => DriverLab.Bridge() with
    {
        Mtu = 9000,
        Stp = new StpSpec(true, 4096, 5, 1, 10),
        AgeingSeconds = 120,
        McastSnooping = true,
        McastQuerier = true,
        HostAddresses = false,
        Ip = Routed with { Ipv6 = false },
    };

    private static BridgeIp Routed => new() { Ipv6 = true, AcceptRa = 0, Ipv4Forwarding = true, Ipv6Forwarding = true, Ipv6ForceForwarding = HasForce ? true : null };

    private static bool HasForce { get; } = File.Exists("/proc/sys/net/ipv6/conf/all/force_forwarding");

    private static string Value(string family, string name) => File.ReadAllText($"/proc/sys/net/{family}/conf/wb-dev/{name}").TrimEnd();

    private static (string, string, string, string, string) Values() =>
        (Value("ipv6", "disable_ipv6"), Value("ipv6", "accept_ra"), Value("ipv4", "forwarding"), Value("ipv6", "forwarding"), HasForce ? Value("ipv6", "force_forwarding") : "1");

    [Fact]
    public void What_is_made_is_read_back_and_goes_without_a_trace() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Survives(DriverLab.Bridge(), Full with { Name = "wb-full", Network = "full" }, DriverLab.Bridge("wb-other", "other"));
        Assert.Equal("lo", Assert.Single(route.Links()).Name);
    });

    [Fact]
    public void A_bridge_is_as_ip_shows_it() => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(Full);
        var seen = JsonDocument.Parse(lab.Ip("-j", "-d", "link", "show", "dev", "wb-dev")).RootElement[0];
        Assert.Equal("weft:lab:dev", seen.GetProperty("ifalias").GetString());
        Assert.Equal("02:57:00:00:00:01", seen.GetProperty("address").GetString());
        Assert.Equal(9000, seen.GetProperty("mtu").GetInt32());
        Assert.Equal("none", seen.GetProperty("inet6_addr_gen_mode").GetString());
        Assert.Contains("UP", seen.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        var data = seen.GetProperty("linkinfo").GetProperty("info_data");
        Assert.Equal((1, 4096, 500, 100, 1000), (Number("stp_state"), Number("priority"), Number("forward_delay"), Number("hello_time"), Number("max_age")));
        Assert.Equal((12000, 1, 1), (Number("ageing_time"), Number("mcast_snooping"), Number("mcast_querier")));

        int Number(string name) => data.GetProperty(name).GetInt32();
    });

    [Fact]
    public void Options_change_in_place() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge());
        var index = route.Link("wb-dev")!.Index;
        driver.Change(DriverLab.Bridge(), Full);
        driver.Has(Full);
        driver.Change(Full, DriverLab.Bridge() with { Network = "renamed", Mac = DriverLab.Mac("02:57:00:00:00:02") });
        driver.Has(DriverLab.Bridge() with { Network = "renamed", Mac = DriverLab.Mac("02:57:00:00:00:02"), AgeingSeconds = 120 });
        Assert.Equal(index, route.Link("wb-dev")!.Index);
    });

    [Fact]
    public void What_drifted_is_mended_by_making_it_again() => DriverLab.Run((lab, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(Full);
        lab.Ip("link", "set", "wb-dev", "down", "mtu", "1400", "type", "bridge", "stp_state", "0", "mcast_snooping", "0");
        Assert.NotEqual(Full, Assert.Single(driver.All()));
        driver.Create(Full);
        driver.Has(Full);
        lab.Ip("link", "set", "wb-dev", "down");
        Assert.Equal(Full with { Up = false }, Assert.Single(driver.All()));
        driver.Change(Full with { Up = false }, Full);
        driver.Has(Full);
    });

    [Theory]
    [InlineData(1500, 1400)]
    [InlineData(9000, 9000)]
    [InlineData(1400, 9000)]
    public void The_mtu_does_not_follow_the_ports(int bridge, int port) => DriverLab.Run((lab, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge() with { Mtu = bridge });
        lab.Ip("link", "add", "v0", "mtu", $"{port}", "master", "wb-dev", "type", "veth", "peer", "name", "v1");
        Assert.Equal(bridge, route.Link("wb-dev")!.Mtu);
        lab.Ip("link", "del", "v0");
        driver.Has(DriverLab.Bridge() with { Mtu = bridge });
    });

    [Fact]
    public void Without_the_hosts_addresses_none_comes_when_the_carrier_does() => DriverLab.Run((lab, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge("wb-a"), DriverLab.Bridge("wb-b") with { HostAddresses = false });
        lab.Ip("link", "add", "v0", "master", "wb-a", "up", "type", "veth", "peer", "name", "v1");
        lab.Ip("link", "set", "v1", "master", "wb-b", "up");
        Assert.Empty(route.Addresses(route.Link("wb-b")!.Index));
        Assert.Equal(AddrGenMode.Eui64, route.Link("wb-a")!.AddrGenMode);
    });

    [Fact]
    public void The_hosts_ip_on_a_bridge_is_as_the_kernels_files_show_it_from_the_start_and_after_changes() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge() with { Ip = Routed });
        Assert.Equal(("0", "0", "1", "1", "1"), Values());
        var isolated = DriverLab.Bridge() with { Ip = new BridgeIp { Ipv6 = false, AcceptRa = 2, Ipv4Forwarding = false, Ipv6Forwarding = false, Ipv6ForceForwarding = HasForce ? false : null } };
        driver.Change(DriverLab.Bridge() with { Ip = Routed }, isolated);
        driver.Has(isolated);
        Assert.Equal(("1", "2", "0", "0", HasForce ? "0" : "1"), Values());
        driver.Create(DriverLab.Bridge() with { Ip = Routed });
        driver.Has(DriverLab.Bridge() with { Ip = Routed });
        Assert.Equal(("0", "0", "1", "1", "1"), Values());
    });

    [Fact]
    public void What_is_said_of_a_changed_bridge_holds_when_all_steps_are_through() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge());
        var said = DriverLab.Bridge() with { Ip = Routed with { Ipv4Forwarding = false, Ipv6Forwarding = null } };
        driver.Change(DriverLab.Bridge(), said);
        // As a NIC's settings come to the bridge that it becomes a port of.
        foreach (var (path, value) in new[] { ("ipv4/conf/wb-dev/forwarding", "1"), ("ipv6/conf/wb-dev/forwarding", "1"), ("ipv6/conf/wb-dev/accept_ra", "2") }) File.WriteAllText($"/proc/sys/net/{path}", value);
        driver.Finish();
        driver.Has(said);
        Assert.Equal(("0", "0", "0", "1", "1"), Values());
        File.WriteAllText("/proc/sys/net/ipv6/conf/wb-dev/accept_ra", "2");
        driver.Finish();
        Assert.Equal("2", Value("ipv6", "accept_ra"));
    });

    [Fact]
    public void What_is_not_said_of_the_hosts_ip_stays_as_somebody_else_set_it() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge());
        var usual = Values();
        File.WriteAllText("/proc/sys/net/ipv6/conf/wb-dev/accept_ra", "2");
        File.WriteAllText("/proc/sys/net/ipv4/conf/wb-dev/forwarding", "1");
        driver.Change(DriverLab.Bridge(), DriverLab.Bridge() with { AgeingSeconds = 120 });
        Assert.Equal(usual with { Item2 = "2", Item3 = "1" }, Values());
    });

    [Fact]
    public void On_a_host_whose_new_links_are_otherwise_a_bridge_is_as_it_shall_be() => DriverLab.Run((_, route) =>
    {
        foreach (var (path, value) in new[] { ("ipv6/conf/default/disable_ipv6", "1"), ("ipv6/conf/default/accept_ra", "2"), ("ipv4/conf/default/forwarding", "1"), ("ipv6/conf/default/forwarding", "1") })
            File.WriteAllText($"/proc/sys/net/{path}", value);
        var driver = new BridgeDriver(route);
        var wanted = DriverLab.Bridge() with { Ip = Routed with { Ipv4Forwarding = false, Ipv6Forwarding = false } };
        driver.Create(wanted);
        driver.Has(wanted);
        Assert.Equal(("0", "0", "0", "0", "1"), Values());
    });

    [Fact]
    public void Where_the_host_comes_to_a_bridge_it_has_ipv6_as_on_a_new_link() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        var without = DriverLab.Bridge() with { HostAddresses = false, Ip = new BridgeIp { Ipv6 = false } };
        driver.Create(without);
        driver.Change(without, DriverLab.Bridge());
        Assert.Equal("0", Value("ipv6", "disable_ipv6"));
        driver.Change(DriverLab.Bridge(), without);
        File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
        driver.Change(without, DriverLab.Bridge());
        Assert.Equal("1", Value("ipv6", "disable_ipv6"));
    });

    [Fact]
    public void An_mtu_below_that_of_ipv6_and_back() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        var large = DriverLab.Bridge() with { HostAddresses = false, Ip = Routed with { Ipv6 = false } };
        var small = large with { Mtu = 1000, Ip = new BridgeIp { Ipv4Forwarding = true } };
        driver.Create(small);
        driver.Has(small);
        driver.Change(small, large);
        driver.Has(large);
        driver.Change(large, small);
        driver.Has(small);
    });

    [Fact]
    public void A_link_of_somebody_else_is_refused_and_left_as_it_is() => DriverLab.Run((lab, route) =>
    {
        lab.Ip("link", "add", "wb-dev", "type", "bridge");
        lab.Ip("link", "property", "add", "dev", "wb-dev", "altname", "wb-alt");
        var before = route.Link("wb-dev")! with { Statistics = null };
        var driver = new BridgeDriver(route);
        var e = Assert.Throws<DriverException>(() => driver.Create(DriverLab.Bridge("wb-first"), DriverLab.Bridge()));
        Assert.Equal("create bridge wb-dev: a link of this name (bridge) is there and is not Weft's; rename or delete it, or choose another name", e.Message);
        Assert.Contains("another name of wb-dev", Assert.Throws<DriverException>(() => driver.Create(DriverLab.Bridge("wb-alt"))).Message);
        driver.Delete(DriverLab.Bridge(), DriverLab.Bridge("wb-alt"));
        Assert.Equal(before, route.Link("wb-dev")! with { Statistics = null });
        driver.Has();
    });

    [Fact]
    public void A_bridge_of_another_project_is_refused() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        driver.Create(DriverLab.Bridge());
        var theirs = DriverLab.Bridge(owner: "other");
        Assert.Contains("belongs to network dev of project lab", Assert.Throws<DriverException>(() => driver.Create(theirs)).Message);
        driver.Delete(theirs);
        driver.Has(DriverLab.Bridge());
    });

    [Fact]
    public void A_refusal_of_the_kernel_names_the_bridge() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(DriverLab.Bridge() with { Mac = DriverLab.Mac("01:00:5e:00:00:01") }));
        Assert.StartsWith("create bridge wb-dev: Cannot assign requested address", e.Message);
        driver.Delete(DriverLab.Bridge());
        driver.Has();
    });

    [Fact]
    public void Steps_of_all_sorts_in_one_list() => DriverLab.Run((_, route) =>
    {
        var driver = new BridgeDriver(route);
        BridgeResource[] b = [.. Enumerable.Range(0, 100).Select(i => DriverLab.Bridge($"wb-{i}"))];
        driver.Create(b);
        driver.Has(b);
        driver.Apply([.. b[..40].Select(x => new Step(x, null, "")), .. b[40..80].Select(x => new Step(x, x with { Mtu = 1400 }, "")),
            .. b[..20].Select(x => new Step(null, x with { Mtu = 1300 }, ""))]);
        driver.Has([.. b[..20].Select(x => x with { Mtu = 1300 }), .. b[40..80].Select(x => x with { Mtu = 1400 }), .. b[80..]]);
        driver.Delete(b);
        driver.Has();
    });
}
