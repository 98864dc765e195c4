using Weft.Core.Spec;
using Weft.Engine;
using Weft.Engine.Reconcile;
using Xunit;

namespace Weft.Lab.Tests.Reconcile;

/// <summary>What others take away from a project is back, and what is not Weft's is left as it is.</summary>
public sealed class DriftTests
{
    internal const string Project = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1, dns: false }
          dev:
            mode: nat
            uplink: eth0
            nat: full
            subnets: [10.20.0.0/24, "fd00:20::/64"]
            dhcp: false
            dns: false
            fdb: { mac: "02:00:00:00:00:99", port: m1 }
            floating: { address: 192.0.2.77, to: m1 }
        machines:
          desk: office
          m1: dev
          m2: dev

        """;

    [Theory]
    [InlineData("nft flush ruleset")]
    [InlineData("nft delete table inet weft")]
    [InlineData("nft delete table bridge weft")]
    [InlineData("nft flush table inet weft")]
    [InlineData("nft flush set bridge weft macs")]
    [InlineData("ip link delete wt-m1")]
    [InlineData("ip link set wt-m1 down")]
    [InlineData("ip link set wt-m1 nomaster")]
    [InlineData("ip link set wt-m1 mtu 1400")]
    [InlineData("bridge link set dev wt-m1 isolated on")]
    [InlineData("bridge link set dev wt-m1 guard on")]
    [InlineData("ip link delete wb-dev")]
    [InlineData("ip link set wb-dev down")]
    [InlineData("ip link set wb-dev mtu 1300")]
    [InlineData("ip link set wb-dev type bridge stp_state 1")]
    [InlineData("ip link set wb-dev address 02:00:00:00:00:01")]
    [InlineData("ip address delete 10.20.0.1/24 dev wb-dev")]
    [InlineData("ip -6 address flush dev wb-dev scope global")]
    [InlineData("ip address delete 192.0.2.77/32 dev eth0")]
    [InlineData("bridge fdb del 02:00:00:00:00:99 dev wt-m1 master")]
    [InlineData("sysctl -qw net.ipv4.conf.wb-dev.forwarding=0")]
    [InlineData("sysctl -qw net.ipv4.conf.eth0.forwarding=0")]
    [InlineData("sysctl -qw net.ipv6.conf.wb-dev.accept_ra=1")]
    [InlineData("ip link set eth1 nomaster")]
    [InlineData("ip link delete wb-office")]
    public void What_is_taken_away_is_back(string byHand)
    {
        using var lab = new DriftLab([Project]);
        lab.Host.OnHost(byHand);
        var repairs = lab.AwaitDeclared();
        Assert.All(repairs, r => Assert.Equal("lab", r.Project));
        Assert.True(lab.Host.Plan(Project).IsEmpty);
        Assert.All(lab.Stop(), e => Assert.Equal(DriftEventKind.Repaired, e.Kind));
    }

    [Fact]
    public void The_hosts_own_addresses_on_the_bridge_are_the_hosts_to_change()
    {
        using var lab = new DriftLab([Project]);
        Assert.Contains("198.51.100.3", Addresses("wb-office"), StringComparison.Ordinal);
        lab.Host.OnHost("ip address delete 198.51.100.3/24 dev wb-office");
        lab.Host.OnHost("ip address add 198.51.100.4/24 dev wb-office");
        lab.Host.OnHost("ip link set wt-m1 down"); // the kernel tells of it after the others
        Assert.Equal(["tap wt-m1"], lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.Empty(lab.Stop());
        Assert.DoesNotContain("198.51.100.3", Addresses("wb-office"), StringComparison.Ordinal);
        Assert.True(lab.Host.Plan(Project).IsEmpty);
        lab.Host.Destroy("lab");
        Assert.All(["198.51.100.2", "198.51.100.3", "198.51.100.4"], a => Assert.Contains(a, Addresses("eth1"), StringComparison.Ordinal));

        string Addresses(string link) => lab.Host.OnHost($"ip -4 -o address show dev {link}");
    }

    [Fact]
    public void A_setting_that_the_kernel_changes_with_another_is_back()
    {
        using var lab = new DriftLab([Project]);
        lab.Host.OnHost("sysctl -qw net.ipv4.ip_forward=1");
        lab.Host.OnHost("sysctl -qw net.ipv4.ip_forward=0");
        lab.Next(DriftEventKind.Repaired);
        Assert.Equal("1", lab.Host.OnHost("sysctl -n net.ipv4.conf.wb-dev.forwarding").Trim());
        Assert.True(lab.Host.Plan(Project).IsEmpty);
    }

    [Fact]
    public void What_went_before_the_watching_began_is_back()
    {
        using var lab = new DriftLab([Project], before: host => host.OnHost("ip link delete wt-m1"));
        Assert.Contains("tap wt-m1", lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
    }

    [Fact]
    public void The_history_names_what_was_mended_and_by_whom_it_was_changed()
    {
        using var lab = new DriftLab([Project]);
        lab.Host.OnHost("nft delete table bridge weft");
        var told = lab.Next(DriftEventKind.Repaired);
        Assert.Equal("nft", told.Program);
        Assert.Contains(new DriftedObject("table bridge weft", "was gone"), told.Objects);
        var row = lab.Host.Act(e => e.Store.Revision(told.Revision))!;
        Assert.Equal(("lab", "repair", "committed", Project), (row.Project, row.Verb, row.Result, row.Text));
        Assert.Contains("bridge weft (was gone)", row.Summary, StringComparison.Ordinal);
        Assert.EndsWith("changed by nft", row.Summary, StringComparison.Ordinal);
        Assert.Equal(Project, lab.Host.Act(e => e.Store.Project("lab"))!.Text);
    }

    [Fact]
    public void What_is_not_Wefts_is_left_as_it_is()
    {
        using var lab = new DriftLab([Project], before: host =>
        {
            host.OnHost("ip link add other0 type bridge");
            host.OnHost("nft add table inet other");
        });
        lab.Host.OnHost("ip link delete other0");
        lab.Host.OnHost("nft delete table inet other");
        lab.Host.OnHost("ip link add other1 type bridge");
        lab.Host.OnHost("ip link delete wt-m1");
        Assert.Equal(["tap wt-m1", "fdb wt-m1 02:00:00:00:00:99 "], lab.Next().Objects.Select(o => o.Name));
        Assert.Empty(lab.Stop());
        Assert.DoesNotContain("other0", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Contains("other1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.DoesNotContain("other", lab.Host.OnHost("nft list tables"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_took_the_name_of_one_of_Wefts_is_left_and_told()
    {
        using var lab = new DriftLab([Project], new() { FirstHold = TimeSpan.FromMilliseconds(50) });
        lab.Host.Act(_ => lab.Host.OnHost("ip link delete wb-dev") + lab.Host.OnHost("ip link add wb-dev type bridge")); // before the reconciler gets the lock
        var told = lab.Next();
        Assert.Equal(DriftEventKind.Failed, told.Kind);
        Assert.Contains("is not Weft's", told.Why, StringComparison.Ordinal);
        Assert.NotNull(told.Hold);
        lab.Host.OnHost("ip link delete wb-dev");
        while (told.Kind != DriftEventKind.Repaired) told = lab.Next();
        Assert.True(lab.Host.Plan(Project).IsEmpty);
    }

    [Fact]
    public void Ports_that_come_and_go_are_no_drift_and_are_put_back_while_they_are_there()
    {
        using var lab = new DriftLab([Project]);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(OutcomeKind.Committed, lab.Host.Act(e => e.Apply(e.ProposePort("guest", new PortSpec("dev"), null))).Kind);
            var tap = lab.Host.Allocations.Ports.Single(p => p.Machine == "guest").Tap;
            lab.Host.OnHost($"ip link {(i == 0 ? "delete" : "set")} {tap} {(i == 0 ? "" : i == 1 ? "down" : "mtu 1400")}");
            Assert.Equal([$"tap {tap}"], lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
            Assert.Equal(OutcomeKind.Committed, lab.Host.Act(e => e.Apply(e.ProposePortRemoval("guest", null, null))).Kind);
        }
        lab.Host.OnHost("ip link set wt-m1 down"); // told after all that
        Assert.Equal(["tap wt-m1"], lab.Next().Objects.Select(o => o.Name));
        lab.Host.AssertIs(lab.Declared, "after the ports");
    }

    [Fact]
    public void Two_projects_get_back_what_is_theirs()
    {
        const string other = "version: 1\nname: other\nnetworks: { side: { mode: nat, uplink: eth0, subnets: [10.40.0.0/24], dhcp: false, dns: false } }\nmachines: { m9: side }\n";
        using var lab = new DriftLab([Project, other]);
        lab.Host.OnHost("ip link delete wt-m9");
        Assert.Equal("other", lab.Next(DriftEventKind.Repaired).Project);
        lab.Host.OnHost("nft flush ruleset");
        Assert.Equal(["lab", "other"], new[] { lab.Next(DriftEventKind.Repaired).Project, lab.Next(DriftEventKind.Repaired).Project }.Order());
        lab.Host.AssertIs(lab.Declared, "after the flush");
    }
}
