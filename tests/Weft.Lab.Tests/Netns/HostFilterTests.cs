using Weft.Core.Model;
using Weft.Engine.Host;
using Weft.Linux.Nft;
using Weft.Linux.Route;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>Rulesets as the tools load them, found by what they are.</summary>
public sealed class HostFilterTests : IDisposable
{
    private readonly TestNamespace _ns = new();

    public void Dispose() => _ns.Dispose();

    private System.Collections.Immutable.ImmutableArray<ForeignFilter> Read(string ruleset) => _ns.Run(() =>
    {
        foreach (var end in new[] { "; }", "{ }", "} }" }) ruleset = ruleset.Replace(end, $"{end[0]}\n}}", StringComparison.Ordinal); // nft wants a line's end before a closing brace
        NftText.Apply(ruleset + "\n");
        using var socket = new RouteSocket();
        return HostReader.Read(socket, new HostReadOptions { Managers = false }).Filters;
    });

    [Fact]
    public void Docker_by_iptables_nft()
    {
        var filter = Assert.Single(Read("""
            table ip filter {
                chain INPUT { type filter hook input priority filter; policy accept; }
                chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
                chain DOCKER-USER { }
            }
            table ip nat { chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; } }
            """));
        Assert.Equal(("docker", "ip filter FORWARD", "policy drop", false), (filter.Tool, filter.Chain, filter.Reason, filter.Input));
        Assert.Contains("iptables -I DOCKER-USER -i BRIDGE -j ACCEPT", filter.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Ufw_in_both_families()
    {
        var filters = Read("""
            table ip filter {
                chain ufw-before-forward { }
                chain INPUT { type filter hook input priority filter; policy drop; }
                chain FORWARD { type filter hook forward priority filter; policy drop; jump ufw-before-forward; }
            }
            table ip6 filter {
                chain ufw6-before-forward { }
                chain FORWARD { type filter hook forward priority filter; policy drop; jump ufw6-before-forward; }
            }
            """);
        Assert.Equal(["ip filter INPUT", "ip filter FORWARD", "ip6 filter FORWARD"], filters.Select(f => f.Chain));
        Assert.All(filters, f => Assert.Equal("ufw", f.Tool));
        Assert.Equal(["ufw allow in on BRIDGE", "ufw route allow in on BRIDGE; ufw route allow out on BRIDGE"], filters.Take(2).Select(f => f.Remedy));
        Assert.Equal([true, false, false], filters.Select(f => f.Input));
    }

    [Fact]
    public void Firewalld_though_its_policies_accept()
    {
        var filter = Assert.Single(Read("""
            table inet firewalld {
                chain filter_INPUT { type filter hook input priority filter + 10; policy accept; }
                chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept; ct state established accept; reject with icmpx admin-prohibited; }
            }
            """));
        Assert.Equal(("firewalld", "inet firewalld filter_FORWARD"), (filter.Tool, filter.Chain));
        Assert.StartsWith("firewall-cmd --permanent --zone=trusted --add-interface=BRIDGE", filter.Remedy, StringComparison.Ordinal);
    }

    // As iptables-nft writes what the hint says.
    [Fact]
    public void Docker_that_was_told_lets_the_bridge_through()
    {
        var filter = Assert.Single(Read("""
            table ip filter {
                chain DOCKER-USER { iifname "wb-dev" counter accept; oifname "wb-dev" counter accept; iifname "wb-half" accept; oifname "wb-ssh" tcp dport 22 accept; iifname "wb-ssh" accept; counter return; }
                chain DOCKER { iifname "docker0" oifname != "docker0" accept; }
                chain FORWARD { type filter hook forward priority filter; policy drop; counter jump DOCKER-USER; oifname "docker0" jump DOCKER; }
            }
            """));
        Assert.Equal(["wb-dev"], filter.Admits);
        Assert.Equal((true, false, false), (filter.LetsThrough("wb-dev"), filter.LetsThrough("wb-half"), filter.LetsThrough("wb-ssh")));
    }

    [Fact]
    public void Firewalld_whose_trusted_zone_has_the_bridge()
    {
        var filter = Assert.Single(Read("""
            table inet firewalld {
                chain filter_FWD_trusted { accept; }
                chain filter_FWD_public { ct state invalid drop; meta l4proto icmp accept; }
                chain filter_FORWARD_ZONES { iifname "wb-dev" goto filter_FWD_trusted; iifname "eth0" goto filter_FWD_public; goto filter_FWD_public; }
                chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept; ct state { established, related } accept; ct status dnat accept; iifname "lo" accept; jump filter_FORWARD_ZONES; reject with icmpx admin-prohibited; }
            }
            """));
        Assert.Equal((true, false), (filter.LetsThrough("wb-dev"), filter.LetsThrough("eth0")));
    }

    [Fact]
    public void The_administrators_own_maps_wildcards_negations_and_drops()
    {
        var filters = Read("""
            table inet filter {
                chain pass { accept; }
                chain forward { type filter hook forward priority filter; policy drop; iifname "wb-bad" drop; iifname vmap { "wb-a" : jump pass, "wb-b" : accept }; oifname { "wb-a", "wb-c" } accept; iifname "wx-*" accept; oifname "wx-*" accept; ip saddr 10.0.0.0/8 accept; }
                chain input { type filter hook input priority filter; policy drop; iifname "wb-a" udp dport { 53, 67 } accept; iifname "wb-b" udp dport 53 accept; iifname "wb-c" meta l4proto udp th dport 50-70 accept; iifname "wb-d" tcp dport 0-65535 accept; }
            }
            table inet open { chain forward { type filter hook forward priority filter; policy drop; iifname != "eth9" accept; } }
            """);
        Assert.Equal(["wb-a", "wx-*"], filters.Single(f => f.Chain == "inet filter forward").Admits.Order(StringComparer.Ordinal));
        Assert.True(filters.Single(f => f.Chain == "inet filter forward").LetsThrough("wx-dev"));
        Assert.Equal(["wb-a", "wb-c"], filters.Single(f => f.Input).Admits.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(filters, f => f.Chain == "inet open forward");
    }

    // What ufw asks of connection tracking and of address types comes as matches of iptables, which nobody can look into: here something else that is not known.
    [Fact]
    public void Ufw_that_was_told_lets_the_bridge_through()
    {
        var filters = Read("""
            table ip filter {
                chain ufw-not-local { fib daddr type local return; limit rate 3/minute jump ufw-logging-deny; drop; }
                chain ufw-logging-deny { }
                chain ufw-before-input { iifname "lo" accept; jump ufw-not-local; }
                chain ufw-before-forward { meta mark 1 accept; jump ufw-user-forward; }
                chain ufw-user-input { iifname "wb-dev" accept; udp dport 53 accept; }
                chain ufw-user-forward { iifname "wb-dev" accept; oifname "wb-dev" accept; iifname "wb-one" accept; }
                chain INPUT { type filter hook input priority filter; policy drop; jump ufw-before-input; jump ufw-user-input; }
                chain FORWARD { type filter hook forward priority filter; policy drop; jump ufw-before-forward; }
            }
            """);
        Assert.Equal([true, false], filters.Select(f => f.Input));
        Assert.All(filters, f => Assert.Equal((true, false), (f.LetsThrough("wb-dev"), f.LetsThrough("wb-one"))));
    }

    [Fact]
    public void The_administrators_own_and_libvirts_which_drops_nothing_of_others()
    {
        var filters = Read("""
            table inet filter { chain forward { type filter hook forward priority filter; policy drop; } }
            table bridge edge { chain passing { type filter hook forward priority filter; policy drop; } }
            table ip libvirt_network { chain forward { type filter hook forward priority filter; policy accept; } }
            table ip nat { chain out { type nat hook postrouting priority srcnat; policy accept; } }
            """);
        Assert.Equal(["inet filter forward", "bridge edge passing"], filters.Select(f => f.Chain));
        Assert.All(filters, f => Assert.Equal("", f.Tool));
    }

    [Fact]
    public void Wefts_own_tables_are_no_strangers() => Assert.Empty(Read("""
        table inet weft { chain forward { type filter hook forward priority filter; policy drop; } }
        table inet weft_syn { chain forward { type filter hook forward priority -10; policy drop; } }
        """));
}
