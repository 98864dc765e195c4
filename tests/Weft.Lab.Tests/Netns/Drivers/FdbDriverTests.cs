using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class FdbDriverTests
{
    private static FdbResource Entry(string mac, string port = "wt-web1") => new("lab", "dev", port, DriverLab.Mac(mac), null);

    private static void Run(Action<DriverLab, RouteSocket, FdbDriver> test) => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(DriverLab.Bridge());
        new TapDriver(route).Create(DriverLab.Tap());
        lab.Ip("link", "add", "br0", "type", "bridge");
        lab.Ip("link", "add", "eth1", "master", "wb-dev", "type", "veth", "peer", "name", "eth2");
        lab.Ip("link", "set", "eth2", "master", "br0");
        test(lab, route, new FdbDriver(route));
    });

    private static int Statics(RouteSocket route) => route.Fdb().Count(e => e.State == NeighbourState.NoArp && e.MasterIndex != 0);

    [Fact]
    public void What_is_made_is_read_back_and_goes_without_a_trace() => Run((lab, route, driver) =>
    {
        driver.Survives(Entry("52:54:00:00:00:01"), Entry("52:54:00:00:00:02"), Entry("52:54:00:00:00:03", "eth1"));
        Assert.Equal(0, Statics(route));
    });

    [Fact]
    public void An_entry_moves_to_another_port() => Run((_, _, driver) =>
    {
        driver.Create(Entry("52:54:00:00:00:01"));
        driver.Apply([new Step(Entry("52:54:00:00:00:01"), null, ""), new Step(null, Entry("52:54:00:00:00:01", "eth1"), "")]);
        driver.Has(Entry("52:54:00:00:00:01", "eth1"));
        driver.Delete(Entry("52:54:00:00:00:01"));
        driver.Has(Entry("52:54:00:00:00:01", "eth1"));
    });

    [Fact]
    public void Bridges_of_others_are_left_alone() => Run((lab, route, driver) =>
    {
        route.Execute(new RouteBatch().NewFdb(new FdbEntry { LinkIndex = route.Link("eth2")!.Index, Mac = MacAddress.Parse("52:54:00:00:00:01") }));
        var before = Statics(route);
        driver.Has();
        var e = Assert.Throws<DriverException>(() => driver.Create(Entry("52:54:00:00:00:02", "eth2")));
        Assert.Equal("add FDB entry 52:54:00:00:00:02 of eth2: eth2 is no port of a bridge of network dev of project lab; name a port of the network's bridge, 'uplink' or a machine", e.Message);
        Assert.Contains("there is no link none", Assert.Throws<DriverException>(() => driver.Create(Entry("52:54:00:00:00:02", "none"))).Message);
        driver.Delete(Entry("52:54:00:00:00:01", "eth2"), Entry("52:54:00:00:00:01", "none"));
        Assert.Equal(before, Statics(route));
    });

    [Fact]
    public void A_refusal_of_the_kernel_names_address_and_port() => Run((_, _, driver) =>
        Assert.StartsWith("set FDB entry 00:00:00:00:00:00 of wt-web1: ",
            Assert.ThrowsAny<IOException>(() => driver.Create(Entry("00:00:00:00:00:00"))).Message));
}
