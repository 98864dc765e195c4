using System.Diagnostics;
using System.Net;
using Weft.Core.Model;
using Weft.Engine.Host;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;
using Weft.Linux.Tap;
using Weft.Tests;
using Xunit;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Lab.Tests.Netns;

public sealed class HostReaderTests : IDisposable
{
    private readonly TestNamespace _ns = new();
    private readonly string _runtime = Directory.CreateTempSubdirectory("weft-run").FullName;

    public void Dispose()
    {
        _ns.Dispose();
        Directory.Delete(_runtime, true);
    }

    private HostModel Read(bool ports = true, params string[] named) => _ns.Run(() =>
    {
        using var socket = new RouteSocket();
        return HostReader.Read(socket, new HostReadOptions { RuntimeDirectory = _runtime, Managers = false, Filters = false, Ports = ports, Named = named });
    });

    [Fact]
    public void Ports_are_left_out_but_for_those_named_and_their_addresses_are_not()
    {
        _ns.Ip("link", "add", "name", "br0", "type", "bridge");
        _ns.Ip("link", "add", "up0", "type", "veth", "peer", "name", "up1");
        _ns.Run(() =>
        {
            foreach (var tap in new[] { "tap0", "tap1" }) TapDevice.Create(tap);
        });
        foreach (var port in new[] { "up0", "tap0", "tap1" }) _ns.Ip("link", "set", port, "master", "br0");
        _ns.Ip("address", "add", "192.0.2.7/24", "dev", "tap1");
        var host = Read(ports: false, "up0", "up1", "gone0");
        Assert.Equal(["br0", "lo", "up0", "up1"], host.Links.Select(l => l.Name).Order());
        Assert.Equal("br0", host.Link("up0")!.Master);
        Assert.Contains(host.Addresses, a => a.Link == "tap1" && a.Address.ToString() == "192.0.2.7/24");
    }

    [Fact]
    public void Links_addresses_routes_and_neighbours_are_as_ip_made_them()
    {
        _ns.Ip("link", "add", "br0", "address", "02:00:00:00:00:01", "type", "bridge");
        _ns.Ip("link", "add", "up0", "mtu", "1400", "type", "veth", "peer", "name", "far0");
        _ns.Ip("link", "set", "up0", "master", "br0", "alias", "weft:lab:dev", "up");
        _ns.Ip("link", "set", "br0", "up");
        _ns.Ip("address", "add", "192.0.2.10/24", "dev", "br0");
        _ns.Ip("-6", "address", "add", "2001:db8::10/64", "dev", "br0", "nodad");
        _ns.Ip("route", "add", "default", "via", "192.0.2.1", "metric", "50");
        _ns.Ip("rule", "add", "from", "192.0.2.10", "table", "77");
        _ns.Ip("route", "add", "198.51.100.0/24", "via", "192.0.2.9", "table", "77", "proto", "static");
        _ns.Ip("route", "add", "blackhole", "203.0.113.0/24");
        _ns.Ip("neighbour", "add", "192.0.2.33", "lladdr", "02:00:00:00:00:33", "dev", "br0", "nud", "stale");
        _ns.Ip("neighbour", "add", "192.0.2.34", "dev", "br0", "nud", "failed");
        var host = Read();

        Assert.True(host.Link("lo") is { Loopback: true, Kind: "", Up: true });
        var up = host.Link("up0")!;
        Assert.Equal(("veth", "br0", 1400, "weft:lab:dev", true, false), (up.Kind, up.Master, up.Mtu, up.Alias, up.Up, up.Carrier));
        Assert.True(MacAddress.TryParse("02:00:00:00:00:01", out var mac));
        Assert.Equal(mac, host.Link("br0")!.Mac);
        Assert.Contains(new HostAddress("br0", IpPrefix.Parse("192.0.2.10/24"), true, 0), host.Addresses);
        Assert.Contains(new HostAddress("br0", IpPrefix.Parse("2001:db8::10/64"), true, 0), host.Addresses);
        Assert.Contains(new HostRoute(IpPrefix.Parse("0.0.0.0/0"), "br0", IPAddress.Parse("192.0.2.1"), 254, 50, 3), host.Routes);
        Assert.Contains(new HostRoute(IpPrefix.Parse("198.51.100.0/24"), "br0", IPAddress.Parse("192.0.2.9"), 77, 0, 4), host.Routes);
        Assert.Contains(new HostRoute(IpPrefix.Parse("203.0.113.0/24"), null, null, 254, 0, 3), host.Routes);
        Assert.DoesNotContain(host.Routes, r => r.Table == 255);
        Assert.Equal([IPAddress.Parse("192.0.2.33")], host.Neighbours);
    }

    [Fact]
    public void A_route_with_several_ways_gives_each()
    {
        _ns.Ip("link", "add", "a0", "type", "veth", "peer", "name", "b0");
        foreach (var l in new[] { "a0", "b0" }) _ns.Ip("link", "set", l, "up");
        _ns.Ip("address", "add", "192.0.2.10/24", "dev", "a0");
        _ns.Ip("address", "add", "198.51.100.10/24", "dev", "b0");
        _ns.Ip("route", "add", "default", "nexthop", "via", "192.0.2.1", "nexthop", "via", "198.51.100.1");
        Assert.Equal(["a0", "b0"], Read().Routes.Where(r => r.Destination.Length == 0).Select(r => r.Link));
    }

    [Fact]
    public void Features_are_probed_once_a_boot_and_nothing_is_left_behind()
    {
        var links = _ns.Ip("-o", "link");
        var host = Read();
        Assert.Contains(HostFeatures.Ipv6, host.Features);
        foreach (var (statement, feature) in new[] { ("ct count over 1 drop", HostFeatures.ConnLimit), ("synproxy mss 1460 wscale 7 timestamp sack-perm", HostFeatures.SynProxy) })
        {
            _ns.Exec("nft", "add table inet t; add chain inet t c");
            Assert.Equal(Works(() => _ns.Exec("nft", "add rule inet t c " + statement)), host.Features.Contains(feature));
        }
        Assert.Equal(_ns.Run(() => Sysctl.Exists("net/ipv6/conf/all/force_forwarding")), host.Features.Contains(HostFeatures.Ipv6ForceForwarding));
        Assert.Equal(links, _ns.Ip("-o", "link"));
        var file = Path.Combine(_runtime, "features");
        var lines = File.ReadAllLines(file);
        File.WriteAllLines(file, [lines[0], "of-the-file"]);
        Assert.Contains("of-the-file", Read().Features);
        File.WriteAllLines(file, ["another boot", "of-the-file"]);
        Assert.DoesNotContain("of-the-file", Read().Features);
        Assert.Equal(lines, File.ReadAllLines(file));
    }

    [Fact]
    public void Vlan_features_are_those_that_ip_can_use()
    {
        _ns.Ip("link", "add", "br0", "type", "bridge");
        Assert.Equal(Works(() => _ns.Ip("link", "set", "br0", "type", "bridge", "vlan_filtering", "1")), Read().Features.Contains(HostFeatures.BridgeVlan));
        Assert.Equal(Works(() => _ns.Ip("link", "add", "link", "br0", "name", "v1", "type", "vlan", "id", "1")), Read().Features.Contains(HostFeatures.Vlan8021q));
    }

    [Fact]
    public void Sysctls_are_those_of_the_namespace()
    {
        _ns.Run(() => Sysctl.Write(HostSysctls.TcpSyncookies, "2"));
        Assert.Equal("2", Read().Sysctls[HostSysctls.TcpSyncookies]);
    }

    private static bool Works(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
