using System.Net;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Route;
using Weft.Tests;

namespace Weft.Linux.Tests.Route;

public class AddressTests
{
    private static TestNamespace Host()
    {
        var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            route.Execute(new RouteBatch().NewBridge("br0", 10, new LinkSettings { AddrGenMode = AddrGenMode.None }));
        });
        return ns;
    }

    [Theory]
    [InlineData("10.1.0.2/24")]
    [InlineData("10.1.0.2/24 broadcast 10.1.0.255 label br0:home")]
    [InlineData("10.1.0.2/24 scope link noprefixroute metric 77")]
    [InlineData("10.1.0.2 peer 10.1.0.1/32")]
    [InlineData("10.1.0.2/24 valid_lft 3600 preferred_lft 1800")]
    [InlineData("fd01::2/64 nodad")]
    [InlineData("fd01::2/64 nodad noprefixroute mngtmpaddr")]
    [InlineData("fd01::2 peer fd01::1/128 nodad")]
    [InlineData("fd01::2/64 nodad home metric 500 valid_lft 3600 preferred_lft 0")]
    public void An_address_deleted_and_added_again_is_the_same(string added)
    {
        using var ns = Host();
        ns.Ip(["address", "add", .. added.Split(' '), "dev", "br0"]);
        var before = Untimed(ns.Ip("-d", "address", "show", "dev", "br0"));
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = Assert.Single(route.Addresses(10));
            route.Execute(new RouteBatch().DelAddress(mine));
            Assert.Empty(route.Addresses(10));
            route.Execute(new RouteBatch().NewAddress(mine));
        });
        Assert.Equal(before, Untimed(ns.Ip("-d", "address", "show", "dev", "br0")));
    }

    // A second may pass between two looks.
    private static string Untimed(string text) => text.Replace("3599sec", "3600sec", StringComparison.Ordinal).Replace("1799sec", "1800sec", StringComparison.Ordinal);

    [Fact]
    public void Replacing_changes_lifetimes_and_adding_twice_is_refused()
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = new AddressInfo { LinkIndex = 10, Address = IPAddress.Parse("10.1.0.2"), PrefixLength = 24 };
            route.Execute(new RouteBatch().NewAddress(mine));
            var twice = Assert.Throws<NetlinkException>(() => route.Execute(new RouteBatch().Know(10, "br0").NewAddress(mine)));
            Assert.Equal(Errno.EEXIST, twice.Errno);
            Assert.StartsWith("add address 10.1.0.2/24 of br0: ", twice.Message, StringComparison.Ordinal);
            route.Execute(new RouteBatch().ReplaceAddress(mine with { ValidSeconds = 600, PreferredSeconds = 300 }));
            var read = Assert.Single(route.Addresses(10));
            Assert.InRange(read.ValidSeconds!.Value, 595u, 600u);
            Assert.InRange(read.PreferredSeconds!.Value, 295u, 300u);
            Assert.Empty(route.Addresses(9999));
        });
    }
}
