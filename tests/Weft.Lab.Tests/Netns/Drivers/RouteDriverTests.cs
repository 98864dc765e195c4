using System.Net;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class RouteDriverTests
{
    private static RouteResource Route(string destination, string? gateway = null, int table = 254, int metric = 0) =>
        new("lab", "dev", DriverLab.Prefix(destination), "wb-dev", gateway is null ? null : IPAddress.Parse(gateway), table, metric);

    private static void Run(Action<DriverLab, RouteSocket, RouteDriver> test) => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(DriverLab.Bridge(), DriverLab.Bridge("wb-two", network: "two"));
        new AddressDriver(route).Create(new AddressResource("lab", "dev", "wb-dev", DriverLab.Prefix("10.20.0.1/24")),
            new AddressResource("lab", "dev", "wb-dev", DriverLab.Prefix("fd00:20::1/64")));
        lab.Ip("route", "add", "10.99.0.0/16", "via", "10.20.0.9");
        test(lab, route, new RouteDriver(route));
    });

    // Without what the kernel adds by itself, a moment after an address or bridge was made.
    private static string Show(DriverLab lab) => string.Join('\n', (lab.Ip("route", "show", "table", "all") + lab.Ip("-6", "route", "show", "table", "all"))
        .Replace(" linkdown", "", StringComparison.Ordinal).Split('\n').Where(l => l.Split(' ')[0] is not ("local" or "anycast" or "multicast")));

    [Fact]
    public void What_is_made_is_read_back_and_goes_without_a_trace() => Run((lab, _, driver) =>
    {
        var before = Show(lab);
        driver.Survives(Route("10.30.0.0/16", "10.20.0.2"), Route("10.31.0.0/16"), Route("0.0.0.0/0", "10.20.0.2", 1000, 50),
            Route("fd00:30::/48", "fd00:20::2"), Route("fd00:31::/48", null, 100, 7), new RouteResource("lab", "two", DriverLab.Prefix("10.32.0.0/24"), "wb-two", null));
        Assert.Equal(before, Show(lab));
    });

    [Fact]
    public void The_gateway_changes() => Run((lab, _, driver) =>
    {
        foreach (var (destination, a, b) in new[] { ("10.30.0.0/16", "10.20.0.2", "10.20.0.3"), ("fd00:30::/48", "fd00:20::2", "fd00:20::3") })
        {
            driver.Create(Route(destination, a));
            driver.Change(Route(destination, a), Route(destination, b));
            driver.Has(Route(destination, b));
            driver.Change(Route(destination, b), Route(destination));
            driver.Has(Route(destination));
            driver.Delete(Route(destination));
        }
        Assert.Contains("10.99.0.0/16 via 10.20.0.9", lab.Ip("route"));
    });

    [Fact]
    public void A_route_of_the_administrators_is_refused_and_left_as_it_is() => Run((lab, _, driver) =>
    {
        var before = Show(lab);
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(Route("10.99.0.0/16", "10.20.0.2")));
        Assert.StartsWith("add route 10.99.0.0/16 via 10.20.0.2 of wb-dev: File exists", e.Message);
        driver.Delete(Route("10.99.0.0/16", "10.20.0.9"));
        Assert.Equal(before, Show(lab));
    });

    [Fact]
    public void Refusals_name_route_and_link() => Run((_, _, driver) =>
    {
        Assert.StartsWith("add route 10.30.0.0/16 over none: there is no link none; ",
            Assert.Throws<DriverException>(() => driver.Create(Route("10.30.0.0/16") with { Link = "none" })).Message);
        Assert.Contains("wb-two is not of network dev", Assert.Throws<DriverException>(() => driver.Create(Route("10.30.0.0/16") with { Link = "wb-two" })).Message);
        Assert.StartsWith("add route 10.30.0.0/16 via 203.0.113.1 of wb-dev: Nexthop has invalid gateway",
            Assert.ThrowsAny<IOException>(() => driver.Create(Route("10.30.0.0/16", "203.0.113.1"))).Message);
        driver.Delete(Route("10.30.0.0/16") with { Link = "none" });
        driver.Has();
    });
}
