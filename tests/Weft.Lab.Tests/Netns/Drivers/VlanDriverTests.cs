using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class VlanDriverTests
{
    private static VlanResource Vlan => new("lab", "office", "eth1.100", "eth1", 100);

    private static void Run(Action<DriverLab, RouteSocket, VlanDriver> test) => DriverLab.Run((lab, route) =>
    {
        lab.Ip("link", "add", "eth1", "up", "type", "veth", "peer", "name", "wire");
        lab.Ip("link", "add", "eth2", "up", "type", "veth", "peer", "name", "wire2");
        try
        {
            route.Execute(new RouteBatch().NewVlan("probe", route.Link("eth1")!.Index, 7).DelLink("probe"));
        }
        catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip("this kernel makes no VLAN links (CONFIG_VLAN_8021Q)");
        }
        test(lab, route, new VlanDriver(route));
    });

    [Fact]
    public void What_is_made_is_read_back_and_goes_without_a_trace() => Run((_, route, driver) =>
    {
        driver.Survives(Vlan, Vlan with { Name = "eth1.200", Id = 200, Mtu = 1400 });
        Assert.Equal(5, route.Links().Count);
    });

    [Fact]
    public void The_mtu_changes_in_place_and_parent_and_id_by_another_link() => Run((_, route, driver) =>
    {
        driver.Create(Vlan);
        var index = route.Link("eth1.100")!.Index;
        driver.Change(Vlan, Vlan with { Mtu = 1400, Network = "renamed" });
        driver.Has(Vlan with { Mtu = 1400, Network = "renamed" });
        Assert.Equal((index, true), (route.Link("eth1.100")!.Index, route.Link("eth1.100")!.IsUp));
        driver.Change(Vlan, Vlan with { Parent = "eth2", Id = 300 });
        driver.Has(Vlan with { Parent = "eth2", Id = 300 });
    });

    [Fact]
    public void A_link_of_somebody_else_is_refused_and_left_as_it_is() => Run((lab, route, driver) =>
    {
        lab.Ip("link", "add", "eth1.100", "link", "eth1", "type", "vlan", "id", "100");
        var before = route.Link("eth1.100")! with { Statistics = null };
        Assert.Contains("is not Weft's", Assert.Throws<DriverException>(() => driver.Create(Vlan)).Message);
        driver.Delete(Vlan);
        Assert.Equal(before, route.Link("eth1.100")! with { Statistics = null });
    });

    [Fact]
    public void Refusals_name_the_link() => DriverLab.Run((lab, route) =>
    {
        var driver = new VlanDriver(route);
        Assert.Equal("create vlan eth1.100: there is no link eth1; see whether the NIC was renamed or taken out", Assert.Throws<DriverException>(() => driver.Create(Vlan)).Message);
        lab.Ip("link", "add", "eth1", "type", "veth", "peer", "name", "wire");
        Assert.StartsWith("create vlan eth1.100: ", Assert.ThrowsAny<IOException>(() => driver.Create(Vlan with { Id = 4095 })).Message);
        driver.Has();
    });
}
