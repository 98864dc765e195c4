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
        NftText.Apply(ruleset.Replace("}", "\n}\n", StringComparison.Ordinal)); // nft wants a line's end before a closing brace
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
