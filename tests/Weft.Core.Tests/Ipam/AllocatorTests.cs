using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Ipam;

public class AllocatorTests
{
    private static readonly DateTimeOffset Now = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly Random _seeded = new(1);

    private static HostModel Host => new()
    {
        Links = [new HostLink(2, "eth1", "", Mac("00:11:22:33:44:55"), 1500), new HostLink(3, "wb-taken", "bridge", null, 1500)],
        Features = [HostFeatures.Ipv6],
    };

    private AllocationResult Allocate(ProjectSpec project, AllocationState? before = null, HostModel? host = null) =>
        Allocator.Allocate(project, host ?? Host, before ?? AllocationState.Empty, Now, b => _seeded.NextBytes(b));

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var m) ? m : throw new FormatException(text);

    private static IPAddress Ip(string text) => IPAddress.Parse(text);

    private static NatNetworkSpec Nat(string name, params string[] subnets) => new(name) { Subnets = [.. subnets.Select(s => new SubnetSpec(IpPrefix.Parse(s)))] };

    private static MachineSpec Machine(string name, params PortSpec[] ports) => new(name, [.. ports]);

    private static ProjectSpec Project(NetworkSpec network, params MachineSpec[] machines) => new("lab", [network], [.. machines]);

    [Fact]
    public void A_network_gets_bridge_mac_and_free_subnets()
    {
        var given = Assert.Single(Allocate(Project(Nat("dev"))).State.Networks);
        Assert.Equal("wb-dev", given.Bridge);
        Assert.True(given.Mac.IsLocal && !given.Mac.IsMulticast);
        Assert.Equal([24, 64], given.Subnets.Select(s => s.Length));
        Assert.Equal(0xfd, given.Subnets[1].Address.GetAddressBytes()[0]);
    }

    [Theory]
    [InlineData("eth1", null)]
    [InlineData("eth1", 100)]
    [InlineData("eth1.100", null)]
    public void A_bridge_that_takes_over_addresses_has_the_MAC_of_its_uplink_or_of_the_NIC_whose_VLAN_it_will_be(string link, int? vlan) =>
        Assert.Equal(Mac("00:11:22:33:44:55"), Assert.Single(Allocate(Project(new BridgeNetworkSpec("office") { Uplink = new UplinkSpec(link, vlan) })).State.Networks).Mac);

    [Fact]
    public void A_bridge_over_a_NIC_that_keeps_its_addresses_keeps_its_own_MAC()
    {
        var project = Project(new BridgeNetworkSpec("office") { Uplink = new UplinkSpec("eth1") { MoveAddresses = false } });
        var first = Allocate(project).State;
        Assert.True(first.Networks[0].Mac.IsLocal);
        Assert.Equal(first, Allocate(project, first).State);
    }

    [Fact]
    public void A_free_subnet_avoids_addresses_routes_neighbours_and_other_networks()
    {
        var first = Allocate(Project(Nat("dev"))).State.Networks[0].Subnets[0];
        var busy = Host with { Neighbours = [first.Nth(77)] };
        var second = Allocate(Project(Nat("dev")), host: busy).State.Networks[0].Subnets[0];
        Assert.NotEqual(first, second);
        var busier = busy with { Routes = [new HostRoute(second, "eth1", null, 254, 0, 2)] };
        var third = Allocate(Project(Nat("dev")), host: busier).State.Networks[0].Subnets[0];
        Assert.DoesNotContain(third, new[] { first, second });
        var other = new AllocationState([new NetworkAllocation("x", "y", "wb-y", default, [third])], []);
        Assert.DoesNotContain(Allocate(Project(Nat("dev")), other, busier).State.Networks[^1].Subnets[0], new[] { first, second, third });
    }

    [Fact]
    public void A_second_allocation_changes_nothing()
    {
        var project = Project(Nat("dev"), Machine("a", new PortSpec("dev")), Machine("b", new PortSpec("dev"), new PortSpec("dev")));
        var once = Allocate(project).State;
        Assert.Equal(once, Allocate(project, once).State);
    }

    [Fact]
    public void A_bridge_has_its_uplinks_mac_and_a_nat_bridge_never_keeps_it()
    {
        var bridge = Allocate(Project(new BridgeNetworkSpec("dev") { Uplink = new UplinkSpec("eth1") })).State;
        Assert.Equal(Mac("00:11:22:33:44:55"), bridge.Networks[0].Mac);
        var nat = Allocate(Project(Nat("dev")), bridge).State.Networks[0];
        Assert.True(nat.Mac.IsLocal);
        Assert.Equal("wb-dev", nat.Bridge);
    }

    [Theory, InlineData("taken"), InlineData("a-very-long-network-name"), InlineData("ümlaut")]
    public void A_name_that_is_taken_long_or_odd_is_shortened_with_a_hash(string name)
    {
        var bridge = Allocate(Project(Nat(name))).State.Networks[0].Bridge;
        Assert.True(LinkNames.IsValid(bridge), bridge);
        Assert.NotEqual("wb-taken", bridge);
        Assert.StartsWith("wb-", bridge, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_the_lowest_free_without_gateway_exclusions_and_dynamic_range()
    {
        var subnet = new SubnetSpec(IpPrefix.Parse("10.0.0.0/28")) { Exclude = [new AddressRange(Ip("10.0.0.2"), Ip("10.0.0.4"))] };
        var machines = Enumerable.Range(1, 7).Select(i => Machine($"m{i}", new PortSpec("dev"))).ToArray();
        var given = Allocate(Project(Nat("dev") with { Subnets = [subnet] }, machines));
        Assert.Equal(["10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.10", "10.0.0.11"], given.State.Ports.Select(p => p.Addresses[0].ToString()));
        Assert.Equal("10.0.0.12-10.0.0.14", Text(new SubnetLayout(subnet, unknown: true).Dynamic));
    }

    private static string Text(AddressRange? r) => $"{r?.First}-{r?.Last}";

    [Fact]
    public void A_full_subnet_is_said_to_be_full()
    {
        var machines = Enumerable.Range(1, 7).Select(i => Machine($"m{i}", new PortSpec("dev"))).ToArray();
        var given = Allocate(Project(Nat("dev", "10.0.0.0/29"), machines));
        Assert.Contains(given.Diagnostics, d => d.Code == "WEFT2006" && d.Message.Contains("10.0.0.0/29", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reservation_goes_before_what_was_given_and_what_is_chosen()
    {
        var before = Allocate(Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev")))).State;
        Assert.Equal(Ip("10.0.0.2"), before.Ports[0].Addresses[0]);
        var after = Allocate(Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev")), Machine("b", new PortSpec("dev") { Addresses = [Ip("10.0.0.2")] })), before).State;
        Assert.Equal(["10.0.0.3", "10.0.0.2"], after.Ports.OrderBy(p => p.Machine).Select(p => p.Addresses[0].ToString()));
    }

    [Theory, InlineData("10.0.0.1", "gateway"), InlineData("10.0.0.255", "broadcast"), InlineData("10.0.1.5", "none of"), InlineData("10.0.0.9", "excluded")]
    public void An_address_that_cannot_be_is_refused(string address, string why)
    {
        var network = Nat("dev") with { Subnets = [new SubnetSpec(IpPrefix.Parse("10.0.0.0/24")) { Exclude = [new(Ip("10.0.0.9"), Ip("10.0.0.9"))] }] };
        var given = Allocate(Project(network, Machine("a", new PortSpec("dev") { Addresses = [Ip(address)] })));
        Assert.Contains(given.Diagnostics, d => d.Code == "WEFT2005" && d.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mac_twice_on_one_wire_is_refused_and_on_two_wires_is_not()
    {
        var port = new PortSpec("dev") { Mac = Mac("52:54:00:00:00:01") };
        Assert.False(Allocate(Project(Nat("dev"), Machine("a", port), Machine("b", port))).Succeeded);
        var two = new ProjectSpec("lab", [Nat("dev"), Nat("ops")], [Machine("a", port), Machine("b", port with { Network = "ops" })]);
        Assert.True(Allocate(two).Succeeded);
    }

    [Fact]
    public void What_is_gone_is_released_and_undeclared_ports_stay()
    {
        var spec = Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev")));
        var state = Allocate(spec).State;
        state = Allocator.AddPort(spec, Host, state, Elsewhere.Nothing, "guest", new PortSpec("dev"), Now, b => _seeded.NextBytes(b)).State;
        Assert.Equal(Ip("10.0.0.3"), state.Ports.Single(p => p.Machine == "guest").Addresses[0]);
        var after = Allocate(Project(Nat("dev", "10.0.0.0/24")), state).State;
        var left = Assert.Single(after.Ports);
        Assert.Equal(("guest", false, Ip("10.0.0.3")), (left.Machine, left.Declared, left.Addresses[0]));
    }

    [Fact]
    public void A_declaration_cannot_take_the_address_of_an_undeclared_port()
    {
        var spec = Project(Nat("dev", "10.0.0.0/24"));
        var state = Allocator.AddPort(spec, Host, Allocate(spec).State, Elsewhere.Nothing, "guest", new PortSpec("dev"), Now, b => _seeded.NextBytes(b)).State;
        var result = Allocate(Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev") { Addresses = [Ip("10.0.0.2")] })), state);
        Assert.Contains(result.Diagnostics, d => d.Message.Contains("guest", StringComparison.Ordinal));
    }

    private static readonly PortSpec[] Impossible =
    [
        new("dev") { Mac = Mac("00:00:00:00:00:00") },
        new("dev") { Mac = Mac("52:54:00:00:00:01") },
        new("dev") { Addresses = [Ip("10.0.0.2")] },
        new("dev") { Addresses = [Ip("10.0.0.255")] },
        new("nope"),
    ];

    [Fact]
    public void A_port_that_cannot_be_is_refused_in_words_with_no_place_in_a_file()
    {
        var spec = Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev") { Mac = Mac("52:54:00:00:00:01") }));
        var state = Allocate(spec).State;
        foreach (var wanted in Impossible)
        {
            var fault = Assert.Single(Allocator.AddPort(spec, Host, state, Elsewhere.Nothing, "guest", wanted, Now, b => _seeded.NextBytes(b)).Diagnostics);
            Assert.StartsWith("error WEFT20", fault.ToString(), StringComparison.Ordinal);
            Assert.Equal((Location.None, ""), (fault.Location, fault.Location.File));
        }
    }

    [Fact]
    public void A_port_that_is_there_is_kept_and_not_passed_off_as_the_one_asked_for()
    {
        var spec = Project(Nat("dev", "10.0.0.0/24"), Machine("a", new PortSpec("dev")));
        var state = Allocate(spec).State;
        AllocationResult Add(PortSpec wanted) => Allocator.AddPort(spec, Host, state, Elsewhere.Nothing, "a", wanted, Now, b => _seeded.NextBytes(b));
        Assert.True(Add(new PortSpec("dev") { Mac = state.Ports[0].Mac, Addresses = [Ip("10.0.0.2")] }).Succeeded);
        Assert.Equal("WEFT2007", Assert.Single(Add(new PortSpec("dev") { Mac = Mac("52:54:00:00:00:02") }).Diagnostics).Code);
        Assert.Equal("WEFT2007", Assert.Single(Add(new PortSpec("dev") { Addresses = [Ip("10.0.0.7")] }).Diagnostics).Code);
    }

    [Fact]
    public void What_ports_have_that_the_state_leaves_out_is_not_given_again()
    {
        var spec = Project(Nat("dev", "10.0.0.0/24"));
        var state = Allocate(spec).State;
        AllocationResult Add(Elsewhere elsewhere) => Allocator.AddPort(spec, Host, state, elsewhere, "guest", new PortSpec("dev"), Now, new Random(5).NextBytes);
        var free = Add(Elsewhere.Nothing).State.Ports.Single();
        var other = Add(new Elsewhere(t => t == free.Tap, m => m == free.Mac)).State.Ports.Single();
        Assert.Equal("wt-guest", free.Tap);
        Assert.StartsWith("wt-guest-", other.Tap, StringComparison.Ordinal);
        Assert.NotEqual(free.Mac, other.Mac);
    }

    [Fact]
    public void A_MAC_is_refused_on_the_wire_where_another_projects_port_has_it_and_nowhere_else()
    {
        NetworkAllocation Bridge(string project, string name, string nic) => new(project, name, $"wb-{name}", Mac("0a:00:00:00:00:01"), []) { Mode = "bridge", Uplinks = [nic] };
        var theirs = new PortAllocation("other", "theirs", "desk", 0, "wt-desk", Mac("52:54:00:00:00:07"), [], Now, true);
        var spec = new ProjectSpec("lab", [new BridgeNetworkSpec("same") { Uplink = new UplinkSpec("eth1") }, new BridgeNetworkSpec("apart") { Uplink = new UplinkSpec("eth2") }], []);
        var state = new AllocationState([Bridge("lab", "same", "eth1"), Bridge("lab", "apart", "eth2"), Bridge("other", "theirs", "eth1")], [theirs]);
        AllocationResult Add(string network) =>
            Allocator.AddPort(spec, Host, state, Elsewhere.Nothing, "guest", new PortSpec(network) { Mac = theirs.Mac }, Now, b => _seeded.NextBytes(b));
        Assert.Equal("WEFT2003", Assert.Single(Add("same").Diagnostics).Code);
        Assert.True(Add("apart").Succeeded);
        Assert.Equal(["eth1", "eth2", "eth1"], state.Networks.Select(n => n.Wire));
    }

    [Fact]
    public void A_declared_port_is_not_removed_by_hand_and_a_made_one_is()
    {
        var spec = Project(Nat("dev"), Machine("a", new PortSpec("dev")));
        var state = Allocator.AddPort(spec, Host, Allocate(spec).State, Elsewhere.Nothing, "guest", new PortSpec("dev"), Now, b => _seeded.NextBytes(b)).State;
        Assert.Equal("WEFT2011", Allocator.RemovePort(state, "lab", "dev", "a").Diagnostics[0].Code);
        Assert.Equal("WEFT2010", Allocator.RemovePort(state, "lab", "dev", "nobody").Diagnostics[0].Code);
        Assert.Single(Allocator.RemovePort(state, "lab", "dev", "guest").State.Ports);
    }

    [Fact]
    public void Nothing_is_given_twice_among_thousands()
    {
        var machines = Enumerable.Range(0, 4000).Select(i => Machine($"machine-{i}", new PortSpec("dev"))).ToArray();
        var project = Project(Nat("dev", "10.0.0.0/16", "fd00::/64"), machines);
        var result = Allocate(project);
        Assert.True(result.Succeeded);
        var ports = result.State.Ports;
        Assert.Equal(4000, ports.Select(p => p.Mac).Distinct().Count());
        Assert.Equal(4000, ports.Select(p => p.Tap).Distinct().Count());
        Assert.Equal(8000, ports.SelectMany(p => p.Addresses).Distinct().Count());
        Assert.All(ports, p => Assert.True(LinkNames.IsValid(p.Tap)));
    }
}
