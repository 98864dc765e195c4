using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Who reaches whom, and as whom, in each kind of NAT network.</summary>
public sealed class NatTrafficTests : IDisposable
{
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Masquerade_reaches_the_world_as_the_host_and_is_not_reached()
    {
        _lab.Apply(Network("masquerade"));
        _lab.Outside.Serve(80);
        _lab["a"].Serve(80);
        Assert.Equal(PolicyLab.HostAddress, _lab["a"].Tcp(PolicyLab.World, 80));
        Assert.Equal(PolicyLab.HostAddress6, _lab["a"].Tcp(PolicyLab.World6, 80));
        Assert.Equal(PolicyLab.HostAddress, _lab["a"].Udp(PolicyLab.World, 80));
        Assert.Equal(PolicyLab.HostAddress6, _lab["a"].Udp(PolicyLab.World6, 80));
        RoutesInside();
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(_lab.Address("a"), 80, timeoutMs: Talk.ShortMs));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(_lab.Address("a", false), 80, timeoutMs: Talk.ShortMs));
        Assert.True(_lab.Counter("refused") >= 2);
    }

    [Fact]
    public void Routed_reaches_and_is_reached_under_its_own_addresses()
    {
        _lab.Apply(Network("routed"));
        RoutesInside();
        _lab.Outside.Serve(80);
        _lab["a"].Serve(80);
        Assert.Equal(_lab.Address("a"), _lab["a"].Tcp(PolicyLab.World, 80));
        Assert.Equal(_lab.Address("a", false), _lab["a"].Tcp(PolicyLab.World6, 80));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp(_lab.Address("a"), 80));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp(_lab.Address("a", false), 80));
    }

    [Fact]
    public void Routed_may_be_reached_by_some_only()
    {
        _lab.Apply(Network("routed, allow_from: [198.51.100.0/24, \"2001:db8:51::/48\"]"));
        RoutesInside();
        _lab["a"].Serve(80);
        Assert.Equal(PolicyLab.Friend, _lab.Outside.Tcp(_lab.Address("a"), 80, PolicyLab.Friend));
        Assert.Equal(PolicyLab.Friend6, _lab.Outside.Tcp(_lab.Address("a", false), 80, PolicyLab.Friend6));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(_lab.Address("a"), 80, timeoutMs: Talk.ShortMs));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(_lab.Address("a", false), 80, timeoutMs: Talk.ShortMs));
        Assert.True(_lab.Counter("refused") >= 2);
    }

    [Fact]
    public void Isolated_talks_to_its_own_and_the_host_and_to_nobody_else()
    {
        _lab.Apply(Network("isolated"));
        RoutesInside();
        _lab.Host.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1")); // as another program may have it
        _lab.Host.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1"));
        _lab.Outside.Serve(80);
        _lab["a"].Serve(80);
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(PolicyLab.World, 80));
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(PolicyLab.World6, 80));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(_lab.Address("a"), 80, timeoutMs: Talk.ShortMs));
        Assert.Equal(_lab.Address("b"), _lab["b"].Tcp(_lab.Address("a"), 80));
        Assert.Equal(_lab.Address("b", false), _lab["b"].Tcp(_lab.Address("a", false), 80));
    }

    [Fact]
    public void Bridged_packets_pass_where_somebody_leads_them_through_the_ip_filters()
    {
        _lab.Apply(Network("isolated"));
        foreach (var f in new[] { "iptables", "ip6tables" }) _lab.Host.Run(() => File.WriteAllText($"/proc/sys/net/bridge/bridge-nf-call-{f}", "1"));
        _lab["a"].Serve(80);
        Assert.Equal(_lab.Address("b"), _lab["b"].Tcp(_lab.Address("a"), 80));
        Assert.Equal(_lab.Address("b", false), _lab["b"].Udp(_lab.Address("a", false), 80));
    }

    [Fact]
    public void A_machine_gets_names_and_leases_of_the_host_and_other_services_only_where_declared()
    {
        _lab.Apply(Network("masquerade"));
        foreach (var port in new[] { 53, 67, 22 }) _lab.Host.Serve(port);
        var gateway = _lab.Resources.OfType<Weft.Core.Resources.AddressResource>().First(a => a.Link == _lab.Bridge("dev") && a.Address.IsV4).Address.Address.ToString();
        Assert.Equal(_lab.Address("a"), _lab["a"].Udp(gateway, 53));
        Assert.Equal(_lab.Address("a"), _lab["a"].Tcp(gateway, 53));
        // Another network's own names, or those of the world, are not asked for round the corner.
        Assert.Equal(Talk.Unreachable, _lab["a"].Udp("10.60.0.1", 53));
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(PolicyLab.HostAddress, 53));
        Assert.Equal(_lab.Address("a"), _lab["a"].Udp(gateway, 67));
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(gateway, 22));
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(PolicyLab.HostAddress, 22));
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(PolicyLab.HostAddress6, 22));
        Assert.Equal(_lab.Address("c"), _lab["c"].Tcp("10.60.0.1", 22));
        Assert.Equal(_lab.Address("c"), _lab["c"].Tcp(PolicyLab.HostAddress, 22));
    }

    [Fact]
    public void Another_network_is_not_reached()
    {
        _lab.Apply(Network("masquerade"));
        foreach (var m in new[] { "a", "c" }) _lab[m].Serve(80);
        Assert.Equal(Talk.Unreachable, _lab["a"].Tcp(_lab.Address("c"), 80));
        Assert.Equal(Talk.Unreachable, _lab["c"].Tcp(_lab.Address("a"), 80));
        Assert.Equal(Talk.Unreachable, _lab["a"].Udp(_lab.Address("c"), 80));
    }

    [Fact]
    public void A_routed_network_is_reached_by_another_one_that_may()
    {
        _lab.Apply(Network("routed"));
        _lab["a"].Serve(80);
        Assert.Equal(_lab.Address("c"), _lab["c"].Tcp(_lab.Address("a"), 80));
    }

    [Fact]
    public void A_pool_gives_the_sources()
    {
        _lab.Apply(Network("masquerade, snat_pool: 192.0.2.60-192.0.2.63"));
        _lab.Outside.Serve(80);
        var seen = _lab["a"].Tcp(PolicyLab.World, 80);
        Assert.InRange(int.Parse(seen.Split('.')[3], System.Globalization.CultureInfo.InvariantCulture), 60, 63);
        Assert.StartsWith("192.0.2.", seen, StringComparison.Ordinal);
        Assert.Equal(PolicyLab.HostAddress6, _lab["a"].Tcp(PolicyLab.World6, 80));
    }

    [Fact]
    public void A_pool_may_be_one_address()
    {
        _lab.Apply(Network("masquerade, snat_pool: 192.0.2.60-192.0.2.60"));
        _lab.Outside.Serve(80);
        Assert.Equal("192.0.2.60", _lab["a"].Tcp(PolicyLab.World, 80));
    }

    // The world knows the way, as a neighbour who sends what it likes does.
    private void RoutesInside()
    {
        _lab.Outside.Ip($"route add 10.50.0.0/24 via {PolicyLab.HostAddress}");
        _lab.Outside.Ip($"-6 route add fd00:50::/64 via {PolicyLab.HostAddress6}");
    }

    private static string Network(string nat) => $$"""
        version: 1
        name: lab
        machines:
          a: { network: dev, address: 10.50.0.10 }
          b: { network: dev }
          c: { network: open }
        networks:
          open: { mode: nat, subnets: [10.60.0.0/24], host_access: true }
          dev: { mode: nat, subnets: [10.50.0.0/24, "fd00:50::/64"], nat: {{nat}} }

        """;
}
