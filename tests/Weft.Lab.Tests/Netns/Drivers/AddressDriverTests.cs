using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class AddressDriverTests
{
    private static readonly Version _now = new(6, 1);

    private static AddressResource Address(string address, string link = "wb-dev", string network = "dev", string owner = "lab") =>
        new(owner, network, link, DriverLab.Prefix(address));

    /// <summary>A bridge of Weft's, one of another network, and a NIC with an address of the administrator's.</summary>
    private static void Run(Version kernel, Action<DriverLab, RouteSocket, AddressDriver> test) => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(DriverLab.Bridge(), DriverLab.Bridge("wb-two", network: "two"), DriverLab.Bridge("wb-theirs", "other"));
        lab.Ip("link", "add", "eth1", "up", "type", "veth", "peer", "name", "wire");
        lab.Ip("link", "set", "wire", "up");
        lab.Ip("address", "add", "192.0.2.1/24", "dev", "eth1");
        lab.Ip("address", "add", "2001:db8::1/64", "dev", "eth1", "nodad");
        test(lab, route, new AddressDriver(route, kernel));
    });

    public static TheoryData<string> Kernels => ["6.1", "5.10"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_is_made_is_read_back_and_goes_without_a_trace(string kernel) => Run(Version.Parse(kernel), (lab, _, driver) =>
    {
        var before = lab.Ip("-o", "address", "show", "scope", "global");
        driver.Survives(Address("10.20.0.1/24"), Address("fd00:20::1/64"), Address("10.21.0.1/16", "wb-two", "two"), Address("10.20.0.1/24", "wb-theirs", "dev", "other"),
            Address("192.0.2.7/32", "eth1"), Address("2001:db8::7/128", "eth1", "two"), Address("192.0.2.8/32", "eth1", owner: "other"), Address("192.0.2.9/32", "wb-two"));
        Assert.Equal(before, lab.Ip("-o", "address", "show", "scope", "global"));
    });

    [Fact]
    public void An_own_bridges_address_can_be_used_at_once_and_says_who_made_it() => Run(_now, (lab, route, driver) =>
    {
        driver.Create(Address("10.20.0.1/24"), Address("fd00:20::1/64"));
        Assert.DoesNotContain("tentative", lab.Ip("address", "show", "dev", "wb-dev", "scope", "global"));
        var made = route.Addresses(route.Link("wb-dev")!.Index).Where(a => a.Scope == 0).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, a => Assert.Equal((AddressResource.Protocol, 0u), (a.Protocol, a.Metric)));
        Assert.Contains("10.20.0.0/24", lab.Ip("route", "show", "table", "main", "dev", "wb-dev"));
    });

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_the_administrator_made_is_not_read_taken_over_or_taken_away(string kernel) => Run(Version.Parse(kernel), (lab, _, driver) =>
    {
        lab.Ip("address", "add", "10.20.0.1/24", "dev", "wb-dev");
        lab.Ip("address", "add", "fd00:20::1/64", "dev", "wb-dev");
        var before = lab.Ip("-o", "address", "show", "scope", "global");
        driver.Has();
        var e = Assert.Throws<DriverException>(() => driver.Create(Address("10.20.0.1/24")));
        Assert.Equal("add address 10.20.0.1/24 of wb-dev: the link has 10.20.0.1/24, which is not Weft's; take it away, or choose another address", e.Message);
        Assert.Throws<DriverException>(() => driver.Create(Address("fd00:20::1/128")));
        Assert.Throws<DriverException>(() => driver.Create(Address("192.0.2.1/24", "eth1")));
        driver.Delete(Address("10.20.0.1/24"), Address("fd00:20::1/64"), Address("192.0.2.1/24", "eth1"), Address("2001:db8::1/64", "eth1"));
        Assert.Equal(before, lab.Ip("-o", "address", "show", "scope", "global"));
    });

    [Fact]
    public void An_address_of_another_network_is_refused() => Run(_now, (_, _, driver) =>
    {
        driver.Create(Address("192.0.2.7/32", "eth1", "two"));
        var e = Assert.Throws<DriverException>(() => driver.Create(Address("192.0.2.7/32", "eth1", "dev", "other")));
        Assert.Contains("has 192.0.2.7/32 for network two of project lab", e.Message);
        driver.Delete(Address("192.0.2.7/32", "eth1", "dev", "other"));
        driver.Has(Address("192.0.2.7/32", "eth1", "two"));
    });

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Another_network_may_get_it(string kernel) => Run(Version.Parse(kernel), (_, _, driver) =>
    {
        driver.Create(Address("192.0.2.7/32", "eth1"));
        driver.Change(Address("192.0.2.7/32", "eth1"), Address("192.0.2.7/32", "eth1", "two"));
        driver.Has(Address("192.0.2.7/32", "eth1", "two"));
    });

    [Fact]
    public void When_the_network_is_gone_its_address_on_a_nic_serves_nobody_and_can_go() => Run(_now, (lab, _, driver) =>
    {
        driver.Create(Address("192.0.2.7/32", "eth1"));
        lab.Ip("link", "delete", "wb-dev");
        var left = Assert.Single(driver.All());
        Assert.Equal((Resource.Shared, ""), (left.Owner, left.Network));
        driver.Delete(left);
        driver.Has();
        driver.Create(Address("192.0.2.7/32", "eth1"));
        driver.Delete(Address("192.0.2.7/32", "eth1"));
        driver.Has();
    });

    [Fact]
    public void Refusals_name_address_and_link() => Run(_now, (lab, _, driver) =>
    {
        Assert.StartsWith("add address 10.0.0.1/24 of none: there is no link none; ", Assert.Throws<DriverException>(() => driver.Create(Address("10.0.0.1/24", "none"))).Message);
        driver.Delete(Address("10.0.0.1/24", "none"));
        File.WriteAllText("/proc/sys/net/ipv6/conf/wb-dev/disable_ipv6", "1");
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(Address("fd00::1/64")));
        Assert.StartsWith("add address fd00::1/64 of wb-dev: ", e.Message);
    });

    [Fact]
    public void Many_links_in_one_list() => Run(_now, (_, route, driver) =>
    {
        BridgeResource[] bridges = [.. Enumerable.Range(0, 100).Select(i => DriverLab.Bridge($"wb-{i}", network: $"n{i}"))];
        new BridgeDriver(route).Create(bridges);
        AddressResource[] addresses = [.. Enumerable.Range(0, 100).Select(i => Address($"10.0.{i}.1/24", $"wb-{i}", $"n{i}"))];
        driver.Survives(addresses);
    });
}
