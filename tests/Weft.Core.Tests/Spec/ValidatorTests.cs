using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Spec;

public sealed class ValidatorTests
{
    /// <summary>What stands under networks and machines, and the one diagnostic it gets ("" for none) with its line; networks begin in line 4.</summary>
    [Theory]
    // Names, links, MACs
    [InlineData("a: { mode: nat, bridge: br0 }\nb: { mode: nat, bridge: br0 }", "", "WEFT2102", 5)]
    [InlineData("a: { mode: nat, bridge: br0 }", "m: { network: a, tap: br0 }", "WEFT2102", 6)]
    [InlineData("a: nat", "m: { network: a, mac: 52:54:00:00:00:01 }\nn: { network: a, mac: 52:54:00:00:00:01 }", "WEFT2103", 7)]
    [InlineData("a: nat\nb: nat", "m: { network: a, mac: 52:54:00:00:00:01 }\nn: { network: b, mac: 52:54:00:00:00:01 }", "", 0)]
    [InlineData("a: nat", "m: { network: a, mac: 01:54:00:00:00:01 }", "WEFT2105", 6)]
    [InlineData("a: nat", "m: { network: a, mac: 00:00:00:00:00:00 }", "WEFT2105", 6)]
    [InlineData("dev: nat", "m: dve", "WEFT2106", 6)]
    // Subnets
    [InlineData("a: { mode: nat, subnets: [10.0.0.1/24] }", "", "WEFT2110", 4)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/31] }", "", "WEFT2111", 4)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/30] }", "", "", 0)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }\nb: { mode: nat, subnets: [10.0.0.128/25] }", "", "WEFT2112", 5)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.128/25] }\nb: { mode: nat, subnets: [10.0.0.0/24] }", "", "WEFT2112", 5)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }\nb: { mode: nat, subnets: [10.0.1.0/24] }", "", "", 0)]
    [InlineData("a: { mode: nat, subnets: [{ prefix: 10.0.0.0/24, gateway: 10.0.1.1 }] }", "", "WEFT2113", 4)]
    [InlineData("a: { mode: nat, subnets: [{ prefix: 10.0.0.0/24, gateway: 10.0.0.255 }] }", "", "WEFT2113", 4)]
    [InlineData("a: { mode: nat, subnets: [{ prefix: 10.0.0.0/24, pool: 10.0.0.200-10.0.1.5 }] }", "", "WEFT2114", 4)]
    [InlineData("a: { mode: nat, subnets: [{ prefix: 10.0.0.0/24, exclude: 10.0.1.5 }] }", "", "WEFT2114", 4)]
    [InlineData("a: { mode: nat, subnets: [127.0.0.0/24] }", "", "WEFT2115", 4)]
    [InlineData("a: { mode: nat, subnets: ['fe80::/64'] }", "", "WEFT2115", 4)]
    [InlineData("a: { mode: nat, subnets: ['fd00::/80'] }", "", "WEFT2116", 4)]
    [InlineData("a: { mode: nat, subnets: ['fd00::/80'], dhcp: { stateful6: false } }", "", "WEFT2116", 4)]
    [InlineData("a: { mode: nat, mtu: 1279, subnets: ['fd00::/64'] }", "", "WEFT2117", 4)]
    [InlineData("a: { mode: nat, mtu: 1280, subnets: ['fd00::/64'] }", "", "", 0)]
    [InlineData("a: { mode: bridge, dhcp: true }", "", "WEFT2121", 4)]
    [InlineData("a: { mode: bridge, dhcp: true, subnets: [10.0.0.0/24], uplink: eth1 }", "", "WEFT2122", 4)]
    [InlineData("a: { mode: bridge, dhcp: true, subnets: [10.0.0.0/24] }", "", "", 0)]
    // Addresses of machines
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }", "m: { network: a, address: 10.0.1.5 }", "WEFT2118", 6)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }", "m: { network: a, address: 10.0.0.1 }", "WEFT2119", 6)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }", "m: { network: a, address: 10.0.0.255 }", "WEFT2119", 6)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }", "m: { network: a, addresses: [10.0.0.5, 10.0.0.6] }", "WEFT2120", 6)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24] }", "m: { network: a, address: 10.0.0.5 }\nn: { network: a, address: 10.0.0.5 }", "WEFT2104", 7)]
    [InlineData("a: bridge", "m: { network: a, address: 10.0.0.5 }", "", 0)]
    // Forwards and floating addresses
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80, to: m }] }", "m: a\nn: a", "", 0)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80, to: mm }] }", "m: a", "WEFT2107", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80, to: m }] }\nb: nat", "m: b", "WEFT2108", 4)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24], forwards: [{ listen: tcp/80, to: '10.0.1.1:80' }] }", "", "WEFT2118", 4)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24], forwards: [{ listen: tcp/80, to: '10.0.0.1:80' }] }", "", "WEFT2119", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80, to: m }, { listen: tcp/80, to: 'm:81' }] }", "m: a", "WEFT2130", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80-90, to: m }, { listen: tcp/85, to: 'm:81' }] }", "m: a", "WEFT2130", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80-90, to: m }, { listen: udp/85, to: 'm:81' }] }", "m: a", "", 0)]
    [InlineData("a: { mode: nat, forwards: [{ listen: 'tcp/192.0.2.1:80', to: m }, { listen: 'tcp/192.0.2.2:80', to: m }] }", "m: a", "", 0)]
    [InlineData("a: { mode: nat, forwards: [{ listen: 'tcp/192.0.2.1:80', to: m }, { listen: 'tcp/80', to: m }] }", "m: a", "WEFT2130", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: tcp/80, to: m }] }\nb: { mode: nat, forwards: [{ listen: tcp/80, to: n }] }", "m: a\nn: b", "WEFT2130", 5)]
    [InlineData("a: { mode: nat, uplink: eth0, forwards: [{ listen: tcp/80, to: m }] }\nb: { mode: nat, uplink: eth1, forwards: [{ listen: tcp/80, to: n }] }", "m: a\nn: b", "", 0)]
    [InlineData("a: { mode: nat, subnets: [10.0.0.0/24], forwards: [{ listen: 'tcp/[2001:db8::1]:80', to: m }] }", "m: a", "WEFT2131", 4)]
    [InlineData("a: { mode: nat, floating: [{ address: 192.0.2.5, to: m }] }", "m: a", "WEFT2132", 4)]
    [InlineData("a: { mode: nat, nat: isolated, forwards: [{ listen: tcp/80, to: m }] }", "m: a", "WEFT2132", 4)]
    [InlineData("a: { mode: nat, nat: routed, snat_pool: 192.0.2.5 }", "", "WEFT2132", 4)]
    [InlineData("a: { mode: nat, nat: full, floating: [{ address: 192.0.2.5, to: m }, { address: 192.0.2.5, to: n }] }", "m: a\nn: a", "WEFT2133", 4)]
    [InlineData("a: { mode: nat, nat: full, floating: [{ address: 192.0.2.5, to: m }, { address: 192.0.2.6, to: m }] }", "m: a", "WEFT2133", 4)]
    [InlineData("a: { mode: nat, nat: full, floating: [{ address: 192.0.2.5, to: m }], snat_pool: 192.0.2.1-192.0.2.9 }", "m: a", "WEFT2133", 4)]
    [InlineData("a: { mode: nat, nat: full, subnets: [192.0.2.0/24], floating: [{ address: 192.0.2.5, to: m }] }", "m: a", "WEFT2134", 4)]
    [InlineData("a: { mode: nat, forwards: [{ listen: udp/53, to: m, protect: { syn_proxy: true } }] }", "m: a", "WEFT2135", 4)]
    // Uplinks
    [InlineData("a: { mode: bridge, uplink: eth1 }\nb: { mode: nat, uplink: eth1 }", "", "WEFT2140", 5)]
    [InlineData("a: { mode: bridge, uplink: { link: eth1, vlan: 100 } }\nb: { mode: nat, uplink: eth1.100 }", "", "WEFT2140", 5)]
    [InlineData("a: { mode: bridge, uplink: eth1, bridge: br0 }\nb: { mode: nat, uplink: br0 }", "", "", 0)]
    [InlineData("a: { mode: bridge, uplink: eth1 }\nb: { mode: bridge, uplink: eth1 }", "", "WEFT2141", 5)]
    [InlineData("a: { mode: bridge, uplink: eth1.100 }\nb: { mode: bridge, uplink: { link: eth1, vlan: 100 } }", "", "WEFT2141", 5)]
    [InlineData("a: { mode: nat, bridge: br0, uplink: br0 }", "", "WEFT2142", 4)]
    // VLANs and bridges
    [InlineData("a: bridge", "m: { network: a, vlan: 10 }", "WEFT2150", 6)]
    [InlineData("a: bridge", "m: { network: a, trunk: 10 }", "WEFT2150", 6)]
    [InlineData("a: { mode: bridge, vlan: true }", "m: { network: a, vlan: 10, trunk: 20-30 }", "", 0)]
    [InlineData("a: { mode: bridge, vlan: true }", "m: { network: a, vlan: 25, trunk: 20-30 }", "WEFT2151", 6)]
    [InlineData("a: { mode: bridge, vlan: { native: 1, trunk: [10-20, 15] } }", "", "WEFT2151", 4)]
    [InlineData("a: { mode: bridge, stp: { forward_delay: 4, max_age: 20 } }", "", "WEFT2152", 4)]
    [InlineData("a: { mode: bridge, stp: { priority: 100 } }", "", "WEFT2153", 4)]
    [InlineData("a: { mode: bridge, options: { multicast_snooping: true } }", "", "WEFT2154", 4)]
    [InlineData("a: { mode: bridge, fdb: [{ mac: 52:54:00:00:00:01, port: uplink }] }", "", "WEFT2155", 4)]
    [InlineData("a: { mode: bridge, uplink: eth1, fdb: [{ mac: 52:54:00:00:00:01, port: uplink }] }", "", "", 0)]
    [InlineData("a: { mode: bridge, uplink: eth1, vlan: true, fdb: [{ mac: 52:54:00:00:00:01, port: uplink }, { mac: 52:54:00:00:00:01, port: uplink, vlan: 5 }] }", "", "WEFT2155", 4)]
    [InlineData("a: { mode: bridge, uplink: eth1, vlan: true, fdb: [{ mac: 52:54:00:00:00:01, port: uplink, vlan: 4 }, { mac: 52:54:00:00:00:01, port: uplink, vlan: 5 }] }", "", "", 0)]
    [InlineData("a: { mode: nat, dns: { records: { m: 10.0.0.1 } } }", "m: a", "WEFT2101", 4)]
    public void A_rule_finds_its_fault_and_nothing_else(string networks, string machines, string code, int line)
    {
        var text = $"version: 1\nname: t\nnetworks:\n  {networks.Replace("\n", "\n  ")}\nmachines:\n  {machines.Replace("\n", "\n  ")}\n";
        var bag = new DiagnosticBag();
        var spec = SpecReader.Read("f", text, bag);
        Assert.Empty(bag.Items);
        SpecValidator.Validate(spec!, bag);
        Assert.Equal(code.Length == 0 ? [] : [(code, line)], bag.Items.Select(d => (d.Code, d.Location.Line)));
    }

    [Theory]
    [InlineData("bridge: all")]
    [InlineData("bridge: default")]
    [InlineData("mtu: 65522")]
    public void What_the_kernel_takes_for_no_link_is_refused(string key)
    {
        var bag = new DiagnosticBag();
        SpecReader.Load("f", $"version: 1\nname: t\nnetworks:\n  a: {{ mode: nat, {key} }}\n", bag);
        Assert.Equal(4, Assert.Single(bag.Items).Location.Line);
    }

    [Theory]
    [InlineData("'1'", "quotes")]
    [InlineData("\"1\"", "quotes")]
    [InlineData("2", "reads version 1")]
    public void A_version_that_is_not_known_is_told_by_what_is_wrong_with_it(string version, string hint)
    {
        var bag = new DiagnosticBag();
        SpecReader.Load("f", $"version: {version}\nname: t\n", bag);
        Assert.Contains(hint, Assert.Single(bag.Items).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(253, "")]
    [InlineData(254, "WEFT2109")]
    public void A_name_of_dns_has_at_most_253_characters(int length, string code)
    {
        var (label, bag) = (new string('a', 63), new DiagnosticBag());
        var domain = $"{label}.{label}.{new string('b', length - 3 * 64 - 4)}.x"; // of machine m on network n, each with its dot
        Assert.Equal(length, $"m.{label}.{domain}".Length);
        SpecReader.Load("f", $"version: 1\nname: t\ndomain: {domain}\nnetworks:\n  {label}: nat\nmachines:\n  m: {label}\n", bag);
        Assert.Equal(code.Length == 0 ? [] : [code], bag.Items.Select(d => d.Code));
    }

    [Fact]
    public void What_follows_from_a_fault_already_told_is_not_told()
    {
        var bag = new DiagnosticBag();
        SpecReader.Load("f", """
            version: 1
            name: t
            networks:
              a: { mode: brigde }
              b: { mode: nat, subnets: [10.0.0.0/33], forwards: [{ listen: tcp/80, to: 10.0.0.9 }] }
            machines:
              m: { network: a, vlan: 10 }
              n: { network: b, address: 10.0.0.5 }
            """, bag);
        Assert.Equal(["WEFT1014", "WEFT1020"], bag.Items.Select(d => d.Code));
    }

    [Fact]
    public void M31_says_what_to_do()
    {
        var bag = new DiagnosticBag();
        SpecReader.Load("f", "version: 1\nname: t\nnetworks:\n  office: { mode: bridge, uplink: eth1 }\n  dev: { mode: nat, uplink: eth1 }\n", bag);
        var fault = Assert.Single(bag.Items);
        Assert.Contains("eth1 is a port of network office's bridge", fault.Message, StringComparison.Ordinal);
        Assert.Contains("bridge: br-office", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_forwards_are_checked_in_a_moment()
    {
        var network = new NatNetworkSpec("a")
        {
            Forwards = [.. Enumerable.Range(0, 10_000).Select(i => new ForwardSpec(ForwardProtocol.Tcp, new PortRange(i * 6 + 1, i * 6 + 6), new ForwardTarget("m", null, 1)))],
        };
        var bag = new DiagnosticBag();
        SpecValidator.Validate(new ProjectSpec("t", [network], [new MachineSpec("m", [new PortSpec("a")])]), bag);
        Assert.Empty(bag.Items);
    }
}
