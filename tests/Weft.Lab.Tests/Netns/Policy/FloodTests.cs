using Weft.Engine.Drivers.Nft;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Floods: limits by source, and handshakes that the host answers first.</summary>
public sealed class FloodTests : IDisposable
{
    private const int Many = 20;
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory, InlineData(PolicyLab.HostAddress, PolicyLab.Friend), InlineData(PolicyLab.HostAddress6, PolicyLab.Friend6)]
    public void A_source_opens_no_more_than_its_rate_and_another_one_is_free(string host, string friend)
    {
        Apply("nat: masquerade", "protect: { syn_rate: 2 }");
        var opened = Burst(host, 8080);
        Assert.InRange(opened, 2, Many / 2); // two at once, two more each second
        Assert.Equal(friend, _lab.Outside.Tcp(host, 8080, friend));
        Assert.True(_lab.Counter("limited") >= Many / 2);
        Assert.Equal(Many, Burst(host, 9090));
    }

    [Theory, InlineData(PolicyLab.HostAddress, PolicyLab.Friend), InlineData(PolicyLab.HostAddress6, PolicyLab.Friend6)]
    public void A_source_holds_no_more_than_its_connections(string host, string friend)
    {
        Apply("nat: masquerade", "protect: { connections: 5 }");
        var held = Enumerable.Range(0, 5).Select(_ => _lab.Outside.Hold(host, 8080)).ToList();
        Assert.DoesNotContain(null, held);
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(host, 8080, timeoutMs: Talk.ShortMs));
        Assert.Equal(friend, _lab.Outside.Tcp(host, 8080, friend));
        held[0]!.Dispose();
        Assert.NotEqual(Talk.Timeout, _lab.Outside.Tcp(host, 8080)); // a closed one does not count
    }

    [Theory, InlineData("nat: masquerade", PolicyLab.HostAddress, 8080), InlineData("nat: routed", "10.50.0.10", 80), InlineData("nat: routed", "fd00:50::a", 80)]
    public void A_network_has_limits_of_its_own(string nat, string to, int port)
    {
        Apply($"{nat}, protect: {{ syn_rate: 2, connections: 50 }}", "");
        RoutesInside();
        Assert.InRange(Burst(to, port), 2, Many / 2);
        Assert.True(_lab.Counter("limited") >= Many / 2);
        _lab.Outside.Serve(80);
        Assert.All(Enumerable.Range(0, Many), _ => Assert.NotEqual(Talk.Timeout, _lab["a"].Tcp(PolicyLab.World, 80)));
    }

    [Fact]
    public void A_proved_handshake_comes_through_as_the_client_and_a_flood_does_not_come_at_all()
    {
        Apply("nat: masquerade", "protect: { syn_proxy: true }");
        var inside = _lab["a"];
        _lab.Outside.Run(() => SynPacket.Flood(Enumerable.Range(1, 200).Select(i => $"198.51.100.{i}").Where(s => s != PolicyLab.Friend), PolicyLab.HostAddress, 8080));
        Assert.Equal(0UL, Packets("count4"));
        Assert.Equal(PolicyLab.Router, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp(PolicyLab.HostAddress6, 8080));
        Assert.True(Packets("count4") > 0);
        Assert.Equal("10.50.0.1", inside.Tcp(PolicyLab.HostAddress, 8080));
        Assert.Equal(PolicyLab.HostAddress, _lab.Host.Tcp(PolicyLab.HostAddress, 8080));
        _lab.Outside.Serve(80);
        Assert.Equal(PolicyLab.HostAddress, inside.Tcp(PolicyLab.World, 80));
    }

    [Fact]
    public void Much_goes_through_a_proved_connection()
    {
        Apply("nat: masquerade", "protect: { syn_proxy: true }");
        using var socket = _lab.Outside.Hold(PolicyLab.HostAddress, 8080)!;
        Assert.Equal(PolicyLab.Router, Talk.Line(socket, Talk.PatientMs));
        Assert.Equal(4_000_000, Traffic.Push(socket, _lab.Server, 4_000_000));
    }

    [Fact]
    public void The_proxy_answers_allowed_sources_only()
    {
        Apply("nat: masquerade", "allow_from: [198.51.100.0/24], protect: { syn_proxy: true }");
        Assert.Equal(PolicyLab.Friend, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080, PolicyLab.Friend));
        Assert.Equal(Talk.Timeout, _lab.Outside.Tcp(PolicyLab.HostAddress, 8080, timeoutMs: Talk.ShortMs));
    }

    [Theory, InlineData("10.50.0.10", PolicyLab.Router), InlineData("fd00:50::a", PolicyLab.Router6)]
    public void A_routed_network_has_its_handshakes_proved(string to, string seen)
    {
        Apply("nat: routed, protect: { syn_proxy: true }", "");
        RoutesInside();
        Assert.Equal(seen, _lab.Outside.Tcp(to, 80));
        _lab.Outside.Serve(80);
        Assert.Equal("10.50.0.10", _lab["a"].Tcp(PolicyLab.World, 80));
    }

    // All at once: what is refused would come again after a second (RFC 6298).
    private int Burst(string to, int port)
    {
        var outcomes = new string[Many];
        var threads = Enumerable.Range(0, Many).Select(i => new Thread(() => outcomes[i] = _lab.Outside.Tcp(to, port, timeoutMs: Talk.ShortMs))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return outcomes.Count(o => o != Talk.Timeout);
    }

    private ulong Packets(string set) => _lab.Host.Run(() =>
    {
        using var driver = new NftDriver();
        return driver.Counters().Where(c => c.Element.Set == set).Aggregate(0UL, (sum, c) => sum + c.Packets);
    });

    private void RoutesInside()
    {
        _lab.Outside.Ip($"route add 10.50.0.0/24 via {PolicyLab.HostAddress}");
        _lab.Outside.Ip($"-6 route add fd00:50::/64 via {PolicyLab.HostAddress6}");
    }

    private void Apply(string network, string forward)
    {
        _lab.Apply($$"""
            version: 1
            name: lab
            machines:
              a: { network: dev, address: [10.50.0.10, "fd00:50::a"] }
            networks:
              dev: { mode: nat, subnets: [10.50.0.0/24, "fd00:50::/64"], {{network}}, forwards: [ { listen: tcp/8080, to: "a:80"{{(forward.Length > 0 ? ", " + forward : "")}} }, { listen: tcp/9090, to: "a:90" } ] }
            """);
        _lab.Server = _lab["a"].Serve(80);
        _lab["a"].Serve(90);
    }
}
