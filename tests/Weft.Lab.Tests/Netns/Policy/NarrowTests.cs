using System.Net.Sockets;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Fewer sources may use a forward, a floating address or a routed network than before: the connections of the others end.</summary>
public sealed class NarrowTests : IDisposable
{
    private const string Sources = "[192.0.2.0/24, 198.51.100.7]", Outer = "192.0.2.50";
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("tcp/8080", 2)]
    [InlineData("tcp/192.0.2.10:8080", 3)]
    public void A_source_that_a_forward_loses_is_cut_and_nobody_else(string listen, int key)
    {
        Apply($"nat: masquerade, forwards: [ {{ listen: {listen}, to: \"a:80\", allow_from: {Sources} }} ]");
        var web = _lab["a"].Serve(80);
        using var cut = _lab.Outside.Hold(PolicyLab.HostAddress, 8080)!;
        using var kept = _lab.Outside.Hold(PolicyLab.HostAddress, 8080, PolicyLab.Friend)!;
        using var neighbour = _lab["b"].Hold(PolicyLab.HostAddress, 8080)!;
        using var host = _lab.Host.Hold(PolicyLab.HostAddress, 8080)!;
        Change(Gone(e => e.Fields.Length == key + 1 && e.Fields[^1] == "192.0.2.0/24"));
        foreach (var socket in new[] { kept, neighbour, host }) Assert.Equal(1, Traffic.Push(socket, web, 1));
        AssertCut(cut, web);
    }

    [Fact]
    public void A_forward_that_gets_a_restriction_cuts_all_but_those_it_names_and_leaves_a_floating_address_alone()
    {
        Apply($"nat: full, floating: [ {{ address: {Outer}, to: b }} ], forwards: [ {{ listen: tcp/8080, to: \"a:80\" }} ]");
        var (web, floating) = (_lab["a"].Serve(80), _lab["b"].Serve(8080));
        using var cut = _lab.Outside.Hold(PolicyLab.HostAddress, 8080)!;
        using var kept = _lab.Outside.Hold(PolicyLab.HostAddress, 8080, PolicyLab.Friend)!;
        using var other = _lab.Outside.Hold(Outer, 8080)!;
        Change(New(InetSets.GuardAny(true), "tcp", "8080"), New(InetSets.AllowAny(true), "tcp", "8080", PolicyLab.Friend));
        Assert.Equal(1, Traffic.Push(kept, web, 1));
        Assert.Equal(1, Traffic.Push(other, floating, 1));
        AssertCut(cut, web);
    }

    [Fact]
    public void A_restriction_that_goes_or_comes_back_cuts_nothing()
    {
        Apply($"nat: masquerade, forwards: [ {{ listen: tcp/8080, to: \"a:80\", allow_from: {Sources} }} ]");
        var web = _lab["a"].Serve(80);
        using var kept = _lab.Outside.Hold(PolicyLab.HostAddress, 8080)!;
        var narrow = Gone(e => e.Fields[^1] == "192.0.2.0/24");
        Change([.. narrow, .. narrow.Select(s => s.Inverse)]);
        Assert.Equal(1, Traffic.Push(kept, web, 1));
        Change([.. Gone(e => e.Set == InetSets.GuardAny(true)), .. Gone(e => e.Set == InetSets.AllowAny(true))]);
        Assert.Equal(1, Traffic.Push(kept, web, 1));
    }

    [Fact]
    public void A_source_that_a_floating_address_loses_is_cut()
    {
        Apply($"nat: full, floating: [ {{ address: {Outer}, to: a, allow_from: {Sources} }} ]");
        var web = _lab["a"].Serve(80);
        using var cut = _lab.Outside.Hold(Outer, 80)!;
        using var kept = _lab.Outside.Hold(Outer, 80, PolicyLab.Friend)!;
        Change(Gone(e => e.Set == InetSets.FloatingAllow(true) && e.Fields[^1] == "192.0.2.0/24"));
        Assert.Equal(1, Traffic.Push(kept, web, 1));
        AssertCut(cut, web);
    }

    [Fact]
    public void A_floating_address_that_goes_takes_what_came_in_and_what_went_out_by_it()
    {
        Apply($"nat: full, floating: [ {{ address: {Outer}, to: a }} ]");
        _lab["a"].Serve(80);
        _lab.Outside.Serve(81);
        using var inward = _lab.Outside.Hold(Outer, 80)!;
        using var outward = _lab["a"].Hold(PolicyLab.World, 81)!;
        using var other = _lab["b"].Hold(PolicyLab.World, 81)!;
        Assert.Equal(3, Tracked().Length);
        Change(Gone(e => e.Set == InetSets.Floating(true) || e.Set == InetSets.FloatingSource(true)));
        Assert.Contains($"src={_lab.Address("b")}", Assert.Single(Tracked()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_a_routed_network_loses_is_cut()
    {
        Apply($"nat: routed, allow_from: {Sources}");
        _lab.Outside.Ip($"route add 10.50.0.0/24 via {PolicyLab.HostAddress}");
        var (web, world) = (_lab["a"].Serve(80), _lab.Outside.Serve(81));
        using var cut = _lab.Outside.Hold("10.50.0.10", 80)!;
        using var kept = _lab.Outside.Hold("10.50.0.10", 80, PolicyLab.Friend)!;
        using var outward = _lab["a"].Hold(PolicyLab.Router, 81)!;
        Change(Gone(e => e.Set == InetSets.RoutedAllow(true) && e.Fields[^1] == "192.0.2.0/24"));
        Assert.Equal(1, Traffic.Push(kept, web, 1));
        Assert.Equal(1, Traffic.Push(outward, world, 1));
        AssertCut(cut, web);
    }

    private Step[] Gone(Func<NftElementResource, bool> which) => [.. _lab.Resources.OfType<NftElementResource>().Where(e => e.Table == InetSets.Table && which(e)).Select(e => new Step(e, null, ""))];

    private static Step New(string set, params string[] fields) => new(null, new NftElementResource("lab", "dev", InetSets.Table, set, [.. fields], []), "");

    private void Change(params Step[] steps) => _lab.Host.Run(() =>
    {
        using var driver = new NftDriver();
        foreach (var step in steps) driver.Apply([step]);
        driver.Finish();
    });

    // TCP connections of others than the host itself.
    private string[] Tracked() => [.. _lab.Host.Run(() => File.ReadAllLines("/proc/thread-self/net/nf_conntrack")).Where(l => l.Contains(" tcp ", StringComparison.Ordinal))];

    // What comes of it now is judged as a first packet.
    private void AssertCut(Socket socket, Server server)
    {
        var received = server.Received;
        socket.Send("x"u8);
        Assert.True(SpinWait.SpinUntil(() => _lab.Counter("refused") > 0, Talk.PatientMs), "its packets still pass");
        Assert.Equal(received, server.Received);
    }

    private void Apply(string dev) => _lab.Apply($$"""
        version: 1
        name: lab
        machines:
          a: { network: dev, address: 10.50.0.10 }
          b: { network: dev }
        networks: { dev: { mode: nat, uplink: eth0, subnets: [10.50.0.0/24], {{dev}} } }
        """);
}
