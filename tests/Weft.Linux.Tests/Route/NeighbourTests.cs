using System.Net;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Weft.Tests;

namespace Weft.Linux.Tests.Route;

public class NeighbourTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:5e:10:00:09");

    private static TestNamespace Host()
    {
        var ns = new TestNamespace();
        ns.Run(() =>
        {
            TapDevice.Create("tap0", index: 11);
            using var route = new RouteSocket();
            route.Execute(new RouteBatch().NewBridge("br0", 10, new LinkSettings { Up = true })
                .SetLink(11, new LinkSettings { Master = 10, Up = true }));
        });
        return ns;
    }

    [Theory]
    [InlineData("10.1.0.9")]
    [InlineData("fd01::9")]
    public void A_neighbour_is_added_changed_and_deleted(string address)
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = new NeighbourInfo { LinkIndex = 10, Address = IPAddress.Parse(address), Mac = s_mac, Protocol = 4 };
            route.Execute(new RouteBatch().NewNeighbour(mine));
            Assert.Equal(mine, Assert.Single(route.Neighbours(10), n => n.Address.Equals(mine.Address)));
            Assert.Contains($"{address} lladdr {s_mac} PERMANENT proto static", ns.Ip("neigh", "show", "dev", "br0"), StringComparison.Ordinal);
            var other = mine with { Mac = MacAddress.Parse("02:00:5e:10:00:0a") };
            route.Execute(new RouteBatch().ReplaceNeighbour(other));
            Assert.Contains(other, route.Neighbours());
            route.Execute(new RouteBatch().DelNeighbour(other));
            Assert.DoesNotContain(route.Neighbours(10), n => n.Address.Equals(mine.Address) && n.Mac is not null);
        });
    }

    [Fact]
    public void A_proxy_entry_is_added_and_deleted()
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = new NeighbourInfo
            {
                LinkIndex = 10, Address = IPAddress.Parse("fd01::9"), Flags = NeighbourFlags.Proxy, State = NeighbourState.None,
            };
            route.Execute(new RouteBatch().NewNeighbour(mine));
            Assert.Equal(mine.Address, Assert.Single(route.Neighbours(10, proxy: true)).Address);
            Assert.Contains("fd01::9", ns.Ip("-6", "neigh", "show", "proxy"), StringComparison.Ordinal);
            route.Execute(new RouteBatch().DelNeighbour(mine));
            Assert.Empty(route.Neighbours(10, proxy: true));
        });
    }

    [Fact]
    public void A_static_FDB_entry_is_that_of_bridge_fdb_add_static()
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var mine = new FdbEntry { LinkIndex = 11, Mac = s_mac };
            route.Execute(new RouteBatch().NewFdb(mine));
            var read = Assert.Single(route.Fdb(bridgeIndex: 10), e => e.Mac == s_mac);
            Assert.Equal((11, 10, NeighbourState.NoArp), (read.LinkIndex, read.MasterIndex, read.State));
            Assert.Contains(read, route.Fdb(portIndex: 11));
            var shown = ns.Exec("bridge", "fdb", "show", "dev", "tap0").Split('\n').Single(l => l.StartsWith(s_mac.ToString(), StringComparison.Ordinal));
            Assert.Equal($"{s_mac} master br0 static", shown.Trim());
            route.Execute(new RouteBatch().DelFdb(mine));
            Assert.DoesNotContain(route.Fdb(), e => e.Mac == s_mac);
        });
    }

    [Fact]
    public void VLANs_of_ports_are_read_back_or_the_kernel_has_none()
    {
        using var ns = Host();
        ns.Run(() =>
        {
            using var route = new RouteSocket();
            var filtering = route.TryExecute(new RouteBatch().SetLink(10, new LinkSettings { Bridge = new BridgeOptions { VlanFiltering = true } }));
            if (filtering.Count > 0)
            {
                Assert.Empty(route.BridgeVlans());
                Assert.Skip($"this kernel has no VLAN filtering: {filtering[0].Message}");
            }
            BridgeVlan[] wanted = [new(11, 7, 7, Pvid: true, Untagged: true), new(11, 100, 110)];
            var batch = new RouteBatch().DelBridgeVlan(new BridgeVlan(11, 1, 1)).NewBridgeVlan(new BridgeVlan(10, 7, 7), self: true);
            foreach (var v in wanted) batch.NewBridgeVlan(v);
            route.Execute(batch);
            Assert.Equal(wanted, route.BridgeVlans().Where(v => v.LinkIndex == 11));
            Assert.Contains(new BridgeVlan(10, 7, 7), route.BridgeVlans());
            route.Execute(new RouteBatch().DelBridgeVlan(wanted[1]));
            Assert.Equal(wanted[..1], route.BridgeVlans().Where(v => v.LinkIndex == 11));
        });
    }
}
