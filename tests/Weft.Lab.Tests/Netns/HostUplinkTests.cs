using Weft.Core.Resources;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>A NIC goes under a bridge and comes back, with everything that was on it.</summary>
public sealed class HostUplinkTests
{
    private static readonly string[] _rich =
    [
        "ip address add 10.9.0.5/24 dev eth1",
        "ip address add 10.9.0.6/24 dev eth1 label eth1:1",
        "ip address add 192.0.2.9 peer 192.0.2.10/32 dev eth1 metric 77",
        "ip address add 10.8.0.1/16 dev eth1 valid_lft 4000 preferred_lft 3000 noprefixroute",
        "ip -6 address add 2001:db8::5/64 dev eth1 nodad",
        "ip -6 address add 2001:db8:1::5/64 dev eth1 valid_lft 5000 preferred_lft 4000 nodad",
        "sysctl -qw net.ipv6.conf.eth1.accept_dad=0",
        "ip -6 address add fd00::7/128 dev eth1 noprefixroute",
        "ip route add default via 10.9.0.1",
        "ip route add default via 10.9.0.2 metric 500 proto static",
        "ip route add 198.51.100.0/24 via 10.9.0.3 src 10.9.0.6 mtu lock 1400",
        "ip route add 10.8.0.0/16 dev eth1 proto kernel scope link src 10.8.0.1 metric 100",
        "ip route add default via 10.9.0.1 dev eth1 table 100",
        "ip route add 203.0.113.0/24 via 10.77.0.1 dev eth1 onlink table 1000",
        "ip route add 203.0.113.0/24 nexthop via 10.9.0.1 weight 2 nexthop via 10.9.0.2 weight 1",
        "ip -6 route add default via 2001:db8::1 metric 300",
        "ip -6 route add 2001:db8:77::/48 via fe80::1 dev eth1",
        "ip -6 route add 2001:db8:78::/48 nexthop via 2001:db8::11 nexthop via 2001:db8::12",
        "ip -6 route add default via 2001:db8::1 dev eth1 table 100",
        "ip rule add pref 90 iif eth1 lookup 100",
        "ip rule add pref 90 from 10.9.0.6 lookup 100",
        "ip rule add pref 91 oif eth1 fwmark 0x7 lookup 100",
        "ip -6 rule add pref 90 iif eth1 lookup 100",
        "ip neigh add 10.9.0.77 lladdr 02:00:00:00:00:77 dev eth1 nud permanent",
        "ip neigh add proxy 10.9.0.99 dev eth1",
    ];

    private static HostLab Rich()
    {
        var lab = new HostLab();
        foreach (var command in _rich) lab.OnHost(command);
        lab.AddBridge();
        return lab;
    }

    [Fact]
    public void Everything_on_the_NIC_comes_back_exactly()
    {
        using var lab = Rich();
        var before = lab.Picture();
        lab.Attach();
        var during = lab.Picture();
        lab.Detach();
        Assert.NotEqual(before, during);
        Assert.Equal(before, lab.Picture());
        Assert.Empty(lab.Store.Nics);
    }

    [Fact]
    public void Everything_on_the_NIC_is_on_the_bridge()
    {
        using var lab = Rich();
        var before = Routes(lab);
        lab.Attach();
        var nic = lab.OnHost("ip address show dev eth1");
        Assert.Contains("master br0", nic, StringComparison.Ordinal);
        Assert.DoesNotContain("inet ", nic, StringComparison.Ordinal);
        Assert.DoesNotContain("2001:db8", nic, StringComparison.Ordinal);
        var bridge = lab.OnHost("ip address show dev br0");
        foreach (var part in new[] { "10.9.0.5/24", "br0:1", "192.0.2.9 peer 192.0.2.10/32", "10.8.0.1/16", "2001:db8::5/64", "fd00::7/128" })
            Assert.Contains(part, bridge, StringComparison.Ordinal);
        Assert.DoesNotContain("tentative", lab.OnHost("ip -6 address show dev br0 scope global"), StringComparison.Ordinal);
        Assert.DoesNotContain("nodad", lab.OnHost("ip -6 address show dev br0 to fd00::/16"), StringComparison.Ordinal);
        Assert.Equal(before.Replace("eth1", "br0", StringComparison.Ordinal), Routes(lab));
        Assert.Contains("iif br0", lab.OnHost("ip rule"), StringComparison.Ordinal);
        Assert.DoesNotContain("eth1", lab.OnHost("ip rule"), StringComparison.Ordinal);
    }

    /// <summary>Routes but for those that every link has; sorted, since other links' come in between.</summary>
    private static string Routes(HostLab lab) => string.Join('\n', new[] { "-4", "-6" }
        .SelectMany(f => lab.OnHost($"ip -o {f} route show table all").Split('\n'))
        .Where(l => !l.Contains("table local", StringComparison.Ordinal) && !l.StartsWith("fe80::/64", StringComparison.Ordinal))
        .Select(l => System.Text.RegularExpressions.Regex.Replace(l, @"expires \d+sec", "expires"))
        .Order(StringComparer.Ordinal));

    [Fact]
    public void Reading_gives_back_what_was_wanted()
    {
        using var lab = Rich();
        lab.Attach();
        Assert.Equal(HostLab.Uplink, Assert.Single(lab.Read()));
        lab.OnHost("ip address add 10.55.0.1/24 dev eth1");
        Assert.NotEqual(HostLab.Uplink, Assert.Single(lab.Read()));
        lab.Apply(new Step(lab.Read()[0], HostLab.Uplink, "drift"));
        Assert.Equal(HostLab.Uplink, Assert.Single(lab.Read()));
        Assert.Contains("10.55.0.1", lab.OnHost("ip address show dev br0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Attaching_and_detaching_twice_changes_nothing_more()
    {
        using var lab = Rich();
        var before = lab.Picture();
        lab.Attach();
        var once = lab.OnHost("ip route show table all") + lab.OnHost("ip -6 route show table all") + lab.OnHost("ip rule");
        lab.Attach();
        Assert.Equal(once, lab.OnHost("ip route show table all") + lab.OnHost("ip -6 route show table all") + lab.OnHost("ip rule"));
        lab.Detach();
        lab.Detach();
        Assert.Equal(before, lab.Picture());
    }

    [Fact]
    public void What_came_since_goes_to_the_NIC_and_what_was_the_bridges_stays()
    {
        using var lab = new HostLab();
        lab.OnHost("ip address add 10.9.0.5/24 dev eth1");
        lab.AddBridge();
        lab.OnHost("ip address add 172.30.0.1/24 dev br0");
        lab.Attach();
        lab.OnHost("ip address add 10.9.0.50/24 dev br0 valid_lft 600 preferred_lft 600");
        lab.OnHost("ip route add default via 10.9.0.1");
        lab.Detach();
        var nic = lab.OnHost("ip address show dev eth1");
        Assert.Contains("10.9.0.50/24", nic, StringComparison.Ordinal);
        Assert.DoesNotContain("172.30.0.1", nic, StringComparison.Ordinal);
        Assert.Contains("172.30.0.1/24", lab.OnHost("ip address show dev br0"), StringComparison.Ordinal);
        Assert.Contains("default via 10.9.0.1 dev eth1", lab.OnHost("ip route"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_NIC_of_another_bridge_is_refused_and_stays_as_it_is()
    {
        using var lab = Rich();
        lab.OnHost("ip link add other type bridge");
        lab.OnHost("ip link set eth1 master other");
        var before = lab.Picture();
        var refused = Assert.Throws<IOException>(() => lab.Attach());
        Assert.Contains("port of other", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, lab.Picture());
    }

    [Fact]
    public void A_refused_message_takes_the_earlier_ones_back()
    {
        using var lab = Rich();
        lab.OnHost("ip link add link eth1 name mv0 type macvlan"); // takes the hook that a bridge port needs
        var before = lab.Picture();
        var refused = Assert.ThrowsAny<IOException>(() => lab.Attach(HostLab.Uplink with { Mtu = 1400 }));
        Assert.Contains("br0", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, lab.Picture());
        Assert.Empty(lab.Store.Nics);
    }

    [Fact]
    public void The_bridge_was_deleted_meanwhile_and_the_addresses_still_come_back()
    {
        using var lab = new HostLab();
        lab.OnHost("ip address add 10.9.0.5/24 dev eth1");
        lab.OnHost("ip route add default via 10.9.0.1");
        var before = lab.Picture();
        lab.AddBridge();
        lab.Attach();
        lab.OnHost("ip link delete br0");
        lab.Detach();
        Assert.Equal(before, lab.Picture());
    }

    [Fact]
    public void The_MTU_is_set_and_put_back()
    {
        using var lab = Rich();
        var before = lab.Picture();
        var want = HostLab.Uplink with { Mtu = 1400 };
        lab.Attach(want);
        Assert.Equal(want, Assert.Single(lab.Read()));
        Assert.Contains("mtu 1400", lab.OnHost("ip link show eth1"), StringComparison.Ordinal);
        lab.Detach(want);
        Assert.Equal(before, lab.Picture());
    }

    [Fact]
    public void With_spanning_tree_the_port_forwards_at_once()
    {
        using var lab = new HostLab();
        lab.AddBridge("stp_state 1 forward_delay 1500");
        lab.Attach(HostLab.Uplink with { Cost = 7 });
        var port = lab.OnHost("ip -d link show eth1");
        Assert.Contains("state forwarding", port, StringComparison.Ordinal);
        Assert.Contains("cost 7", port, StringComparison.Ordinal);
        Assert.Contains("stp_state 1", lab.OnHost("ip -d link show br0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_NIC_that_were_set_by_hand_are_carried_over()
    {
        using var lab = new HostLab();
        lab.OnHost("sysctl -qw net.ipv6.conf.eth1.accept_ra=2 net.ipv4.conf.eth1.proxy_arp=1");
        lab.AddBridge();
        lab.Attach();
        Assert.Equal("2\n", lab.OnHost("sysctl -n net.ipv6.conf.br0.accept_ra"));
        Assert.Equal("1\n", lab.OnHost("sysctl -n net.ipv4.conf.br0.proxy_arp"));
    }
}
