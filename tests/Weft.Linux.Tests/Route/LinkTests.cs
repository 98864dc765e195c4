using System.Net;
using System.Text.Json;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;
using Weft.Linux.Tap;
using Weft.Tests;

namespace Weft.Linux.Tests.Route;

public class LinkTests
{
    private static JsonElement Show(TestNamespace ns, string name) =>
        JsonDocument.Parse(ns.Ip("-j", "-d", "link", "show", "dev", name)).RootElement[0];

    [Fact]
    public void Settings_of_ip_are_those_of_proc()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            route.Execute(new RouteBatch().NewBridge("br-test", 0, new LinkSettings { Mtu = 1000 }));
            Assert.Equal((null, false), (route.Link("br-test")!.Ipv6, route.Link("br-test")!.Ipv4Forwarding)); // too small for IPv6
            route.Execute(new RouteBatch().SetLink("br-test", new LinkSettings { Mtu = 1500, Ipv4Forwarding = true }));
            var force = Sysctl.Exists("net/ipv6/conf/all/force_forwarding");
            var told = route.Link("br-test")!;
            Assert.Equal((true, new Ipv6Conf(false, 1, false, force ? false : null)), (told.Ipv4Forwarding, told.Ipv6));
            string[] settings = ["disable_ipv6=1", "accept_ra=2", "forwarding=1", .. force ? ["force_forwarding=1"] : (string[])[]];
            foreach (var s in settings) Sysctl.Write($"net/ipv6/conf/br-test/{s.Split('=')[0]}", s.Split('=')[1]);
            route.Execute(new RouteBatch().SetLink("br-test", new LinkSettings { Ipv4Forwarding = false }));
            told = Assert.Single(route.Links(kind: "bridge"));
            Assert.Equal((false, new Ipv6Conf(true, 2, true, force ? true : null)), (told.Ipv4Forwarding, told.Ipv6));
        });
    }

    [Fact]
    public void A_bridge_its_address_and_up_are_one_send()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            route.Execute(new RouteBatch()
                .NewBridge("br-test", 4711, new LinkSettings
                {
                    Mac = MacAddress.Parse("02:00:5e:10:00:01"), Mtu = 1400, Up = true, Alias = "weft:lab/dev", Group = 7,
                    AddrGenMode = AddrGenMode.None, Ipv4Forwarding = true,
                    Bridge = new BridgeOptions
                    {
                        StpState = true, Priority = 4096, ForwardDelay = TimeSpan.FromSeconds(4), HelloTime = TimeSpan.FromSeconds(1),
                        MaxAge = TimeSpan.FromSeconds(6), AgeingTime = TimeSpan.FromSeconds(120), MulticastSnooping = false,
                        MulticastQuerier = true, GroupForwardMask = 8,
                    },
                })
                .NewAddress(new AddressInfo { LinkIndex = 4711, Address = IPAddress.Parse("10.1.0.1"), PrefixLength = 24 }), oneSend: true);

            var bridge = route.Link("br-test");
            Assert.NotNull(bridge);
            Assert.Equal(4711, bridge.Index);
            Assert.Equal("bridge", bridge.Kind);
            Assert.Equal("weft:lab/dev", bridge.Alias);
            Assert.True(bridge.IsUp);
            Assert.Equal(AddrGenMode.None, bridge.AddrGenMode);
            Assert.Equal("1", Sysctl.Read("net/ipv4/conf/br-test/forwarding"));
            Assert.Equal((ushort)4096, bridge.Bridge!.Priority);
            Assert.Equal(TimeSpan.FromSeconds(4), bridge.Bridge.ForwardDelay);
            Assert.Equal("1000.02005e100001", bridge.Bridge.BridgeId);
            Assert.Equal(bridge with { Statistics = null }, route.Link(4711)! with { Statistics = null });
            Assert.Equal(bridge.Index, Assert.Single(route.Links(kind: "bridge")).Index);
            Assert.Equal("10.1.0.1/24", Assert.Single(route.Addresses(4711)).ToString());
        });
        var seen = Show(ns, "br-test");
        Assert.Equal("02:00:5e:10:00:01", seen.GetProperty("address").GetString());
        Assert.Equal(1400, seen.GetProperty("mtu").GetInt32());
        Assert.Equal("weft:lab/dev", seen.GetProperty("ifalias").GetString());
        Assert.Equal("7", seen.GetProperty("group").GetString());
        var data = seen.GetProperty("linkinfo").GetProperty("info_data");
        Assert.Equal(1, data.GetProperty("stp_state").GetInt32());
        Assert.Equal(400, data.GetProperty("forward_delay").GetInt32());
        Assert.Equal(100, data.GetProperty("hello_time").GetInt32());
        Assert.Equal(600, data.GetProperty("max_age").GetInt32());
        Assert.Equal(12000, data.GetProperty("ageing_time").GetInt32());
        Assert.Equal(0, data.GetProperty("mcast_snooping").GetInt32());
        Assert.Equal(1, data.GetProperty("mcast_querier").GetInt32());
        Assert.Equal("0x8", data.GetProperty("group_fwd_mask").GetString());
    }

    [Fact]
    public void A_port_gets_its_options_before_it_is_up()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            TapDevice.Create("tap0", multiQueue: true, vnetHdr: true, ownerUid: 1000, groupGid: 1001, index: 51);
            var batch = new RouteBatch().NewBridge("br0", 50, new LinkSettings { Up = true })
                .SetLink(new LinkRef(51, "tap0"), new LinkSettings
                {
                    Master = 50, Up = true, Mtu = 1300, Group = 9, TxQueueLength = 77, AddrGenMode = AddrGenMode.None, Alias = "weft:port",
                    Port = new BridgePortOptions
                    {
                        Cost = 42, Priority = 9, Hairpin = true, Guard = true, FastLeave = true, Learning = false, UnicastFlood = false,
                        MulticastFlood = false, BroadcastFlood = false, Isolated = true, NeighbourSuppress = true, RootBlock = true,
                    },
                });
            Assert.Equal(["create bridge br0", "set tap0: mtu 1300, master br0, alias 'weft:port', group 9, addrgenmode None, txqueuelen 77",
                "set tap0: port options, up"], batch.Descriptions);
            route.Execute(batch);

            var tap = route.Link("tap0")!;
            Assert.Equal((51, 50, "tun", "bridge"), (tap.Index, tap.MasterIndex, tap.Kind, tap.SlaveKind));
            Assert.Equal(new TunInfo { IsTap = true, Persist = true, MultiQueue = true, VnetHdr = true, Owner = 1000, Group = 1001 }, tap.Tun);
            Assert.Equal((42u, true, true), (tap.Port!.Cost!.Value, tap.Port.Guard!.Value, tap.Port.Isolated!.Value));
            Assert.Equal(51, Assert.Single(route.Links(masterIndex: 50)).Index);
            Assert.Equal(0ul, tap.Statistics!.Value.RxBytes);

            route.Execute(new RouteBatch().SetLink("tap0", new LinkSettings { Master = 0, Up = false }));
            Assert.Equal((0, false), (route.Link("tap0")!.MasterIndex, route.Link("tap0")!.IsUp));
            route.Execute(new RouteBatch().SetLink(51, new LinkSettings { Name = "tap1", Master = 50 }));
            Assert.Null(route.Link("tap0"));
        });
        var seen = Show(ns, "tap1");
        Assert.Equal(77, seen.GetProperty("txqlen").GetInt32());
        Assert.Equal("9", seen.GetProperty("group").GetString());
    }

    [Fact]
    public void Port_options_are_what_ip_shows()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            route.Execute(new RouteBatch().NewBridge("br0", 50).NewVeth("v0", "v1", 51, 52, new LinkSettings
            {
                Master = 50, Up = true,
                Port = new BridgePortOptions { Cost = 42, Guard = true, Isolated = true, Learning = false, Hairpin = true, FastLeave = true },
            }, new LinkSettings { Up = true, Mtu = 1280, Alias = "far" }));
        });
        var data = Show(ns, "v0").GetProperty("linkinfo").GetProperty("info_slave_data");
        Assert.Equal(42, data.GetProperty("cost").GetInt32());
        Assert.True(data.GetProperty("guard").GetBoolean());
        Assert.True(data.GetProperty("isolated").GetBoolean());
        Assert.True(data.GetProperty("hairpin").GetBoolean());
        Assert.True(data.GetProperty("fastleave").GetBoolean());
        Assert.False(data.GetProperty("learning").GetBoolean());
        Assert.True(data.GetProperty("flood").GetBoolean());
        var far = Show(ns, "v1");
        Assert.Equal(("UP", 1280, "far"), (far.GetProperty("operstate").GetString(), far.GetProperty("mtu").GetInt32(), far.GetProperty("ifalias").GetString()));
    }

    [Fact]
    public void Links_of_a_group_go_at_once()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var batch = new RouteBatch();
            for (var i = 0; i < 20; i++) batch.NewLink("bridge", $"d{i}", 0, new LinkSettings { Group = 77, Up = true });
            route.Execute(batch);
            Assert.Equal(20, route.Links(kind: "bridge").Count(l => l.IsUp));
            route.Execute(new RouteBatch().SetGroup(77, new LinkSettings { Up = false }));
            Assert.Equal(0, route.Links(kind: "bridge").Count(l => l.IsUp));
            route.Execute(new RouteBatch().DelGroup(77));
            Assert.Equal("lo", Assert.Single(route.Links()).Name);
        });
    }

    [Fact]
    public void A_refusal_names_the_object_and_the_reason_and_its_place()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var batch = new RouteBatch().NewLink("bridge", "d0").NewLink("bridge", "d0").DelLink("none").NewLink("bridge", "d1");
            var first = Assert.Throws<NetlinkException>(() => route.Execute(batch));
            Assert.Equal((1, Errno.EEXIST), (first.Index, first.Errno));
            Assert.StartsWith("create bridge d0: ", first.Message);
            Assert.NotNull(route.Link("d1"));
            Assert.Equal([(2, Errno.ENODEV)], route.TryExecute(new RouteBatch().DelLink("d0").DelLink("d1").DelLink("none")).Select(e => (e.Index, e.Errno)));
        });
    }

    [Fact]
    public void A_link_that_is_not_there_is_null()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            Assert.Null(route.Link("none"));
            Assert.Null(route.Link(4242));
            Assert.Null(route.Link(""));
            Assert.Null(route.Link("a-name-that-is-too-long-for-any-link"));
            Assert.Null(route.Link(new string('x', 300)));
            ns.Ip("link", "property", "add", "dev", "lo", "altname", "a-name-that-is-too-long-for-others");
            Assert.Equal("lo", route.Link("a-name-that-is-too-long-for-others")!.Name);
            Assert.Equal(["a-name-that-is-too-long-for-others"], route.Link("lo")!.AltNames);
        });
    }

    [Fact]
    public void Links_beyond_one_datagram_are_all_read()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var batch = new RouteBatch();
            for (var i = 0; i < 150; i++) batch.NewVeth($"d{i}", $"e{i}", 1000 + i, 2000 + i);
            route.Execute(batch, oneSend: true);
            Assert.Equal(Enumerable.Range(0, 150).Select(i => $"d{i}"), route.Links().Where(l => l.Index is >= 1000 and < 2000).Select(l => l.Name));
        });
    }
}
