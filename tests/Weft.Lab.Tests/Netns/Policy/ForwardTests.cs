using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Forwards and floating addresses, from everywhere that they can be used from.</summary>
public sealed class ForwardTests : IDisposable
{
    private const string Gateway = "10.50.0.1";
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void The_world_reaches_a_forward_in_both_families_and_is_seen_as_itself()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" }, { listen: udp/8080, to: \"a:81\" } ]");
        _lab["a"].Serve(80);
        _lab["a"].Serve(81);
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp(PolicyLab.HostAddress6, 8080));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Udp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Udp(PolicyLab.HostAddress6, 8080));
        Assert.Equal(Talk.Refused, _lab.Outside.Tcp(PolicyLab.HostAddress, 80));
    }

    [Fact]
    public void Machines_reach_it_by_the_outer_address_themselves_and_their_neighbours_and_other_networks()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" }, { listen: udp/8080, to: \"a:80\" } ]");
        _lab["a"].Serve(80);
        foreach (var machine in new[] { "a", "b" })
        {
            Assert.Equal(Gateway, _lab[machine].Tcp(PolicyLab.HostAddress, 8080));
            Assert.Equal(Gateway, _lab[machine].Udp(PolicyLab.HostAddress, 8080));
            Assert.Equal("fd00:50::1", _lab[machine].Tcp(PolicyLab.HostAddress6, 8080));
        }
        Assert.Equal(_lab.Address("c"), _lab["c"].Tcp(PolicyLab.HostAddress, 8080));
    }

    [Fact]
    public void The_host_reaches_it_by_its_own_outer_address()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" }, { listen: udp/192.0.2.10:9090, to: \"a:80\" } ]");
        _lab["a"].Serve(80);
        Assert.Equal(PolicyLab.HostAddress, _lab.Host.Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.HostAddress6, _lab.Host.Tcp(PolicyLab.HostAddress6, 8080));
        Assert.Equal(PolicyLab.HostAddress, _lab.Host.Udp(PolicyLab.HostAddress, 9090));
        Assert.Equal(Talk.Refused, _lab.Host.Tcp("127.0.0.1", 8080));
        Assert.Equal(Talk.Refused, _lab.Host.Tcp(Gateway, 8080));
    }

    [Fact]
    public void A_range_keeps_its_ports_or_is_shifted_as_a_whole()
    {
        Apply("[ { listen: tcp/5000-5010, to: \"a:5000\" }, { listen: udp/6000-6002, to: \"a:7000\" } ]");
        foreach (var port in new[] { 5000, 5010, 5011, 7000, 7002 }) _lab["a"].Serve(port);
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp(PolicyLab.HostAddress, 5000));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp(PolicyLab.HostAddress6, 5010));
        Assert.Equal(Talk.Refused, _lab.Outside.Tcp(PolicyLab.HostAddress, 5011));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Udp(PolicyLab.HostAddress, 6000));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Udp(PolicyLab.HostAddress6, 6002));
        Assert.Equal(Talk.Refused, _lab.Outside.Udp(PolicyLab.HostAddress, 6003));
    }

    [Fact]
    public void Only_allowed_sources_use_it_and_the_others_do_not_meet_the_host_instead()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\", allow_from: [198.51.100.0/24, \"2001:db8:51::7\"] }, { listen: tcp/192.0.2.10:9090, to: \"a:80\", allow_from: [198.51.100.7] } ]");
        _lab["a"].Serve(80);
        foreach (var port in new[] { 8080, 9090 }) _lab.Host.Serve(port);
        Assert.Equal(PolicyLab.Friend, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080, PolicyLab.Friend));
        Assert.Equal(PolicyLab.Friend6, _lab.Outside.Tcp(PolicyLab.HostAddress6, 8080, PolicyLab.Friend6));
        Assert.Equal(PolicyLab.Friend, _lab.Outside.Tcp(PolicyLab.HostAddress, 9090, PolicyLab.Friend));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080, timeoutMs: Talk.ShortMs));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(PolicyLab.HostAddress6, 8080, timeoutMs: Talk.ShortMs));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(PolicyLab.HostAddress, 9090, timeoutMs: Talk.ShortMs));
        Assert.Equal(3, _lab.Counter("refused"));
        Assert.Equal(Gateway, _lab["b"].Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.HostAddress, _lab.Host.Tcp(PolicyLab.HostAddress, 8080));
    }

    [Fact]
    public void A_listen_address_is_that_address_and_no_other()
    {
        _lab.Host.Ip("address add 192.0.2.11/24 dev eth0");
        Apply("[ { listen: tcp/192.0.2.11:8080, to: \"b:80\" }, { listen: tcp/192.0.2.10:8080, to: \"a:80\" }, { listen: tcp/192.0.2.11:9090, to: \"b:80\" } ]");
        _lab["b"].Serve(80);
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp("192.0.2.11", 8080));
        Assert.Equal(Talk.Refused, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp("192.0.2.11", 9090));
        Assert.Equal(Talk.Refused, _lab.Outside.Tcp(PolicyLab.HostAddress, 9090));
    }

    [Fact]
    public void What_is_forwarded_elsewhere_is_not_taken_from_those_who_pass_by()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" } ]");
        _lab.Outside.Serve(8080);
        Assert.Equal(PolicyLab.HostAddress, _lab["b"].Tcp(PolicyLab.World, 8080));
        Assert.Equal(PolicyLab.HostAddress6, _lab["b"].Tcp(PolicyLab.World6, 8080));
    }

    [Fact]
    public void A_forward_counts_what_goes_both_ways()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" }, { listen: udp/6000-6002, to: \"a:6000\" } ]");
        _lab["a"].Serve(80);
        _lab["a"].Serve(6001);
        _lab.Outside.Tcp(PolicyLab.HostAddress, 8080);
        _lab.Outside.Udp(PolicyLab.HostAddress, 6001);
        _lab.Outside.Udp(PolicyLab.HostAddress6, 6001);
        var counters = _lab.Host.Run(() =>
        {
            using var driver = new NftDriver();
            return driver.Counters().Where(c => c.Packets > 0).ToDictionary(c => $"{c.Element.Set} {string.Join(' ', c.Element.Fields)}", c => c.Packets);
        });
        Assert.Equal(1UL, counters["fwd_any4 tcp 8080"]); // connections
        Assert.Equal(1UL, counters["fwd_any_range4 udp 6000-6002"]);
        Assert.True(counters[$"count4 {_lab.Address("a")} tcp 80"] >= 4); // packets of both directions
        Assert.Equal(2UL, counters[$"count4 {_lab.Address("a")} udp 6000-6002"]);
        Assert.Equal(2UL, counters[$"count6 {_lab.Address("a", false)} udp 6000-6002"]);
    }

    [Fact]
    public void A_floating_address_is_the_machine_both_ways()
    {
        Apply("[]", "nat: full, floating: [ { address: 192.0.2.50, to: a }, { address: \"2001:db8:2::50\", to: a } ]");
        _lab["a"].Serve(80);
        _lab.Outside.Serve(80);
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp("192.0.2.50", 80));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp("2001:db8:2::50", 80));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Udp("192.0.2.50", 80));
        Assert.Equal("192.0.2.50", _lab["a"].Tcp(PolicyLab.World, 80));
        Assert.Equal("2001:db8:2::50", _lab["a"].Tcp(PolicyLab.World6, 80));
        Assert.Equal(PolicyLab.HostAddress, _lab["b"].Tcp(PolicyLab.World, 80));
        Assert.Equal(Gateway, _lab["b"].Tcp("192.0.2.50", 80));
        Assert.Equal("192.0.2.50", _lab.Host.Tcp("192.0.2.50", 80)); // the host calls its own address from it
        _lab.Outside.Exec("ping -c 1 -W 5 192.0.2.50");
    }

    [Fact]
    public void A_floating_address_may_be_for_some_only()
    {
        Apply("[]", "nat: full, floating: [ { address: 192.0.2.50, to: a, allow_from: [198.51.100.7] } ]");
        _lab["a"].Serve(80);
        _lab.Host.Serve(80);
        Assert.Equal(PolicyLab.Friend, _lab.Outside.Tcp("192.0.2.50", 80, PolicyLab.Friend));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp("192.0.2.50", 80, timeoutMs: Talk.ShortMs));
        Assert.Equal(1, _lab.Counter("refused"));
    }

    [Fact]
    public void A_forward_that_goes_takes_its_connections_with_it_and_leaves_the_others()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" }, { listen: tcp/192.0.2.10:8081, to: \"a:80\" }, { listen: tcp/9000-9001, to: \"a:9000\" } ]");
        var (web, other) = (_lab["a"].Serve(80), _lab["a"].Serve(9000));
        using var cut = _lab.Outside.Hold(PolicyLab.HostAddress, 8080);
        using var cut6 = _lab.Outside.Hold(PolicyLab.HostAddress6, 8080);
        using var kept = _lab.Outside.Hold(PolicyLab.HostAddress, 8081);
        using var range = _lab.Outside.Hold(PolicyLab.HostAddress, 9000);
        Remove(e => e.Fields.Contains("8080"));
        Assert.Equal(1, Traffic.Push(kept!, web, 1));
        Assert.Equal(1, Traffic.Push(range!, other, 1));
        foreach (var socket in new[] { cut, cut6 }) AssertCut(socket!);
        Assert.Equal(2, web.Received + other.Received);
        Remove(e => e.Fields.Contains("8081") || e.Fields.Contains("9000-9001"));
        foreach (var socket in new[] { kept, range }) AssertCut(socket!);
    }

    [Fact]
    public void A_removal_that_is_undone_cuts_nothing()
    {
        Apply("[ { listen: tcp/8080, to: \"a:80\" } ]");
        var web = _lab["a"].Serve(80);
        using var socket = _lab.Outside.Hold(PolicyLab.HostAddress, 8080);
        _lab.Host.Run(() =>
        {
            using var driver = new NftDriver();
            var steps = Forwards(e => true);
            driver.Apply(steps);
            driver.Apply([.. steps.Select(s => s.Inverse)]);
            driver.Finish();
        });
        Assert.Equal(1, Traffic.Push(socket!, web, 1));
    }

    private void Remove(Func<NftElementResource, bool> which) => _lab.Host.Run(() =>
    {
        using var driver = new NftDriver();
        driver.Apply(Forwards(which));
        driver.Finish();
    });

    private Step[] Forwards(Func<NftElementResource, bool> which) =>
        [.. _lab.Resources.OfType<NftElementResource>().Where(e => e.Set.StartsWith("fwd", StringComparison.Ordinal) && which(e)).Select(e => new Step(e, null, ""))];

    // The host has nobody on that port, and says so.
    private static void AssertCut(System.Net.Sockets.Socket socket)
    {
        socket.ReceiveTimeout = Talk.PatientMs;
        socket.Send("x"u8);
        var greeting = new byte[100];
        var refused = Assert.Throws<System.Net.Sockets.SocketException>(() => { while (socket.Receive(greeting) > 0) { } });
        Assert.Equal(System.Net.Sockets.SocketError.ConnectionReset, refused.SocketErrorCode);
    }

    private void Apply(string forwards, string more = "nat: masquerade") => _lab.Apply($$"""
        version: 1
        name: lab
        machines:
          a: { network: dev, address: 10.50.0.10 }
          b: { network: dev }
          c: { network: open }
        networks:
          open: { mode: nat, subnets: [10.60.0.0/24] }
          dev: { mode: nat, subnets: [10.50.0.0/24, "fd00:50::/64"], {{more}}, forwards: {{forwards}} }
        """);
}
