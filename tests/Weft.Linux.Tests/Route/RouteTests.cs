using System.Net;
using System.Net.Sockets;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Route;
using Weft.Tests;

namespace Weft.Linux.Tests.Route;

public class RouteTests
{
    // A veth with addresses, so that gateways are reachable; and a second one for routes with several ways.
    private static TestNamespace Host()
    {
        var ns = new TestNamespace();
        ns.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
            File.WriteAllText("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
            using var route = new RouteSocket();
            // No link-local address comes by itself, at a moment of the kernel's choosing.
            var up = new LinkSettings { Up = true, AddrGenMode = AddrGenMode.None };
            route.Execute(new RouteBatch().NewVeth("e0", "x0", 10, 11, up, up).NewVeth("e1", "x1", 20, 21, up, up)
                .NewAddress(new AddressInfo { LinkIndex = 10, Address = IPAddress.Parse("10.1.0.2"), PrefixLength = 24 })
                .NewAddress(new AddressInfo { LinkIndex = 20, Address = IPAddress.Parse("10.2.0.2"), PrefixLength = 24 })
                .NewAddress(new AddressInfo { LinkIndex = 10, Address = IPAddress.Parse("fd01::2"), PrefixLength = 64, Flags = AddressFlags.NoDad })
                .NewAddress(new AddressInfo { LinkIndex = 10, Address = IPAddress.Parse("fe80::2"), PrefixLength = 64, Scope = 253, Flags = AddressFlags.NoDad })
                .NewAddress(new AddressInfo { LinkIndex = 20, Address = IPAddress.Parse("fd02::2"), PrefixLength = 64, Flags = AddressFlags.NoDad }));
        });
        Settle(ns);
        return ns;
    }

    [Theory]
    [InlineData("default via 10.1.0.1 dev e0")]
    [InlineData("default via 10.1.0.1 dev e0 metric 100 proto dhcp src 10.1.0.2")]
    [InlineData("10.9.0.0/16 via 10.1.0.1 dev e0 mtu 1400 advmss 1300 window 65535 initcwnd 20 rtt 100ms")]
    [InlineData("10.9.0.0/16 via 10.1.0.1 dev e0 mtu lock 1400")]
    [InlineData("10.9.0.0/16 via 10.1.0.1 dev e0 congctl cubic features ecn quickack 1")]
    [InlineData("192.0.2.1 via 203.0.113.1 dev e0 onlink")]
    [InlineData("10.9.0.0/16 dev e0 scope link table 1000 proto 99")]
    [InlineData("10.9.0.0/16 nexthop via 10.1.0.1 dev e0 weight 3 nexthop via 10.2.0.1 dev e1 weight 1")]
    [InlineData("10.9.0.0/16 nexthop via 203.0.113.9 dev e0 onlink nexthop dev e1 weight 200")]
    [InlineData("10.9.0.0/16 via inet6 fd01::1 dev e0")]
    [InlineData("blackhole 10.9.0.0/16 metric 77")]
    [InlineData("unreachable 10.9.0.0/16")]
    [InlineData("prohibit 10.9.0.0/16 table 70")]
    [InlineData("throw 10.9.0.0/16 table 70")]
    [InlineData("10.9.0.0/16 tos 0x10 via 10.1.0.1 dev e0")]
    [InlineData("10.9.0.0/16 via 10.1.0.1 dev e0 realm 5")]
    [InlineData("local 10.77.0.0/16 dev lo table local")]
    [InlineData("-6 default via fd01::1 dev e0")]
    [InlineData("-6 default via fe80::1 dev e0 metric 2048 proto ra pref high")]
    [InlineData("-6 fd99::/48 via fd01::1 dev e0 pref low mtu 1400 hoplimit 9")]
    [InlineData("-6 fd99::/48 nexthop via fd01::1 dev e0 weight 2 nexthop via fd02::1 dev e1 weight 1")]
    [InlineData("-6 fd99::/48 via fd33::1 dev e0 onlink src fd01::2 table 1001")]
    [InlineData("-6 fd99::/48 dev e0 metric 1")]
    [InlineData("-6 blackhole fd99::/48")]
    [InlineData("-6 unreachable default metric 4294967295")]
    public void A_route_deleted_and_made_again_is_the_same(string added)
    {
        using var ns = Host();
        var words = added.Split(' ');
        string[] family = words[0] == "-6" ? ["-6"] : ["-4"];
        var before = Show(ns, family);
        ns.Ip([.. family, "route", "add", .. words.SkipWhile(w => w == "-6")]);
        var with = Show(ns, family);
        Assert.NotEqual(before, with);
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var wanted = new HashSet<RouteInfo>(route.Routes());
            var mine = Single(route, before.Length, family);
            route.Execute(new RouteBatch().DelRoute(mine));
            Assert.Equal(before, Show(ns, family));
            route.Execute(new RouteBatch().NewRoute(mine));
            Assert.True(wanted.SetEquals(route.Routes()));
        });
        Assert.Equal(with, Show(ns, family));
    }

    // The kernel makes the local routes of IPv6 addresses on a thread of its own, some time after the address.
    private static void Settle(TestNamespace ns)
    {
        string[] wanted = ["local fd01::2 dev e0", "local fd02::2 dev e1", "local fe80::2 dev e0"];
        Assert.True(SpinWait.SpinUntil(() => ns.Ip("-6", "route", "show", "table", "local") is var shown && wanted.All(w => shown.Contains(w, StringComparison.Ordinal)), TimeSpan.FromSeconds(30)));
    }

    private static string Show(TestNamespace ns, string[] family) => ns.Ip([.. family, "-d", "route", "show", "table", "all"]);

    // The one that is not of the kernel's making.
    private static RouteInfo Single(RouteSocket route, int _, string[] family) => Assert.Single(route.Routes(), r =>
        r.Protocol != 2 && r.Family == (family[0] == "-6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork));

    [Fact]
    public void A_route_with_an_end_keeps_its_end()
    {
        using var ns = Host();
        ns.Ip("-6", "route", "add", "fd99::/48", "via", "fd01::1", "dev", "e0", "expires", "600");
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = Assert.Single(route.Routes(), r => r.Protocol != 2);
            Assert.InRange(mine.ExpiresSeconds!.Value, 590u, 600u);
            route.Execute(new RouteBatch().DelRoute(mine).NewRoute(mine));
            Assert.InRange(Assert.Single(route.Routes(), r => r.Protocol != 2).ExpiresSeconds!.Value, 590u, 600u);
        });
    }

    [Fact]
    public void A_route_of_a_nexthop_object_keeps_it()
    {
        using var ns = Host();
        ns.Ip("nexthop", "add", "id", "5", "via", "10.1.0.1", "dev", "e0");
        ns.Ip("route", "add", "10.9.0.0/16", "nhid", "5");
        var before = ns.Ip("-d", "route");
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = Assert.Single(route.Routes(), r => r.Protocol != 2);
            Assert.Equal(5u, mine.NextHopId);
            route.Execute(new RouteBatch().DelRoute(mine).NewRoute(mine));
        });
        Assert.Equal(before, ns.Ip("-d", "route"));
    }

    [Fact]
    public void A_route_moves_to_another_link_by_its_index_alone()
    {
        using var ns = Host();
        ns.Ip("route", "add", "default", "via", "10.1.0.1", "dev", "e0", "metric", "100", "mtu", "1400");
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = Assert.Single(route.Routes(table: 254, outLink: 10), r => r.Protocol != 2);
            Assert.Equal((1400u, 100u), (mine.Mtu!.Value, mine.Metric));
            route.Execute(new RouteBatch().Know(20, "e1").ReplaceRoute(mine with { OutLink = 20, Flags = NextHopFlags.OnLink }));
            Assert.Equal(20, Assert.Single(route.Routes(), r => r.Protocol != 2).OutLink);
        });
        Assert.Contains("default via 10.1.0.1 dev e1 metric 100 onlink mtu 1400", ns.Ip("route"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_is_added_or_changed()
    {
        var route = new RouteInfo { Family = AddressFamily.InterNetwork, Destination = IPNetwork.Parse("0.0.0.0/0") };
        Assert.Null(route.Mtu);
        var changed = route.WithMetric(2, 1400).WithMetric(8, 1300).WithMetric(2, 1500);
        Assert.Equal((1500u, 1300u), (changed.Mtu!.Value, changed.AdvMss!.Value));
    }

    [Fact]
    public void Only_the_table_and_link_asked_for_are_read()
    {
        using var ns = Host();
        ns.Ip("route", "add", "10.9.0.0/16", "dev", "e0", "table", "1000");
        ns.Ip("route", "add", "10.9.0.0/16", "dev", "e1", "metric", "7", "table", "1000");
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            Assert.Equal([10, 20], route.Routes(table: 1000).Select(r => r.OutLink).Order());
            Assert.Equal(7u, Assert.Single(route.Routes(table: 1000, outLink: 20)).Metric);
            Assert.Empty(route.Routes(table: 4711));
        });
    }

    [Fact]
    public void A_refused_route_says_which()
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var wrong = new RouteInfo
            {
                Family = AddressFamily.InterNetwork, Destination = IPNetwork.Parse("10.9.0.0/16"), OutLink = 10, Gateway = IPAddress.Parse("203.0.113.1"),
            };
            var thrown = Assert.Throws<NetlinkException>(() => route.Execute(new RouteBatch().Know(10, "e0").NewRoute(wrong)));
            Assert.Equal("add route 10.9.0.0/16 via 203.0.113.1 of e0: Nexthop has invalid gateway (errno 101)", thrown.Message);
            Assert.Equal(Errno.ESRCH, Assert.Throws<NetlinkException>(() => route.Execute(new RouteBatch().DelRoute(wrong))).Errno);
        });
    }

    [Theory]
    [InlineData("from 10.1.0.0/24 lookup 100")]
    [InlineData("from 10.1.0.2 to 10.9.0.0/16 lookup 100 prio 50")]
    [InlineData("fwmark 0x10/0xff lookup 4711 prio 60")]
    [InlineData("iif e0 lookup 100 prio 61")]
    [InlineData("oif e1 lookup 100 prio 62")]
    [InlineData("iif not-there oif gone lookup 100 prio 63")]
    [InlineData("not from 10.1.0.0/24 lookup main suppress_prefixlength 0 prio 64")]
    [InlineData("lookup main suppress_ifgroup 5 prio 65")]
    [InlineData("tos 0x10 lookup 100 prio 66")]
    [InlineData("ipproto tcp dport 80-90 sport 1000 lookup 100 prio 67")]
    [InlineData("uidrange 1000-2000 lookup 100 prio 68")]
    [InlineData("from 10.1.0.0/24 prohibit prio 69")]
    [InlineData("from 10.1.0.0/24 blackhole prio 70")]
    [InlineData("from 10.1.0.0/24 unreachable prio 71")]
    [InlineData("from 10.1.0.0/24 goto 32766 prio 72")]
    [InlineData("nop prio 73")]
    [InlineData("from all lookup 100 prio 0 protocol 99")]
    [InlineData("-6 from fd01::/64 lookup 100 prio 80")]
    [InlineData("-6 to fd09::/16 iif lo fwmark 7 lookup 100 prio 81 suppress_prefixlength 0")]
    public void A_rule_deleted_and_made_again_is_the_same(string added)
    {
        using var ns = Host();
        var words = added.Split(' ');
        string[] family = words[0] == "-6" ? ["-6"] : ["-4"];
        var before = ns.Ip([.. family, "-d", "rule"]);
        var others = ns.Run(() => Rules());
        ns.Ip([.. family, "rule", "add", .. words.SkipWhile(w => w == "-6")]);
        var with = ns.Ip([.. family, "-d", "rule"]);
        Assert.NotEqual(before, with);
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = Assert.Single(route.Rules(), r => !others.Contains(r));
            route.Execute(new RouteBatch().DelRule(mine));
            Assert.Equal(before, ns.Ip([.. family, "-d", "rule"]));
            route.Execute(new RouteBatch().NewRule(mine));
            Assert.Equal(mine, Assert.Single(route.Rules(), r => !others.Contains(r)));
        });
        Assert.Equal(with, ns.Ip([.. family, "-d", "rule"]));
    }

    private static List<RuleInfo> Rules()
    {
        using var route = new RouteSocket();
        return [.. route.Rules()];
    }
}
