using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Planning;

/// <summary>A port that the file does not declare is built alike from the whole file and from its sketch.</summary>
public sealed class PortTests
{
    private const string Vlans = """
        version: 1
        name: lab
        networks:
          aware: { mode: nat, subnets: [10.20.0.0/24], vlan: true }
          native: { mode: nat, subnets: [10.21.0.0/24], vlan: { native: 7 } }
          plain: { mode: nat, subnets: [10.22.0.0/24] }
        machines:
          a: { ports: [ plain, { network: plain, isolated: true } ] }
          b: { ports: [ { network: plain }, { network: aware, trunk: [ 5-9 ] }, { network: aware, vlan: 3 } ] }
        """;

    [Fact]
    public void On_each_network_of_every_example()
    {
        var networks = Lab.Examples().SelectMany(e => e.Networks.Select(n => (Project: e, n.Name))).ToList();
        Assert.NotEmpty(networks);
        Assert.All(networks, x => Assert.Equal(Undeclared(x.Project, x.Project, x.Name), Undeclared(x.Project, Printed(x.Project), x.Name)));
    }

    [Theory]
    [InlineData("aware", 1)]
    [InlineData("native", 7)]
    [InlineData("plain", null)]
    public void With_the_VLAN_of_a_port_that_names_none_where_the_network_carries_VLANs(string network, int? vlan)
    {
        var whole = Lab.Read("vlans.yaml", Vlans);
        var port = Undeclared(whole, Printed(whole), network);
        Assert.Equal(Undeclared(whole, whole, network), port);
        Assert.Equal(vlan, port.OfType<TapResource>().Single().Vlans?.Untagged);
    }

    private const string Guests = """
        version: 1
        name: lab
        networks: { dev: { mode: nat, subnets: [10.20.0.0/24], default_port: guard } }
        machines: { web1: { network: dev, isolated: true } }
        """;

    [Fact]
    public void A_hypervisors_link_has_the_policy_of_the_port_that_it_is()
    {
        var (lab, spec) = (new Lab(), Lab.Read("x.yaml", Guests));
        lab.Build(spec);
        var port = lab.Given.Ports.Single();
        var tap = Of(port);
        var both = Of(port with { Link = "vnet3" });
        Assert.Equal(tap.OfType<NftElementResource>().Select(e => e.Key.Name.Replace("wt-web1", "vnet3", StringComparison.Ordinal)).Order(),
            both.Except(tap).OfType<NftElementResource>().Select(e => e.Key.Name).Order());
        Assert.Equal(new GuestLinkResource("lab", "dev", "vnet3", "wb-dev", "web1") { Isolated = true }, Assert.Single(both.OfType<GuestLinkResource>()));
        Assert.Empty(Of(port with { Link = "vnet3", Guest = true }).OfType<TapResource>());

        ImmutableArray<Resource> Of(PortAllocation p) => ProjectBuilder.Port(spec, Lab.Host, lab.Given with { Ports = [p] }, p);
    }

    [Fact]
    public void A_link_that_its_hypervisor_took_away_is_no_port_any_more()
    {
        var spec = Lab.Read("x.yaml", Guests);
        var lab = new Lab();
        lab.Build(spec);
        var web1 = lab.Given.Ports.Single() with { Link = "vnet3" };
        var given = lab.Given with { Ports = [web1, web1 with { Machine = "x", Tap = "wt-x", Mac = new(7), Addresses = [], Declared = false, Guest = true, Link = "vnet4" }] };
        Assert.Equal((null, 1), After(Lab.Host));
        Assert.Equal(("vnet3", 2), After(Lab.Host with { Links = [.. Lab.Host.Links, new(9, "vnet3", "tun", null, 1500) { Master = "wb-dev" }, new(10, "vnet4", "tun", null, 1500) { Master = "wb-dev" }] }));
        Assert.Equal((null, 1), After(Lab.Host with { Links = [.. Lab.Host.Links, new(9, "vnet3", "tun", null, 1500) { Master = "br0" }] }));

        (string?, int) After(HostModel host) => Allocator.Allocate(spec, host, given, DateTimeOffset.UnixEpoch, new Random(3).NextBytes).State.Ports is var p ? (p.First(x => x.Machine == "web1").Link, p.Length) : default;
    }

    [Theory]
    [InlineData("guard", true)]
    [InlineData("block", false)]
    [InlineData("allow", false)]
    public void A_strangers_port_lasts_while_the_file_gives_strangers_ports(string after, bool stays)
    {
        var lab = new Lab();
        lab.Build(Lab.Read("x.yaml", Guests));
        var web1 = lab.Given.Ports.Single();
        PortAllocation Other(string machine, bool guest) => web1 with { Machine = machine, Tap = $"wt-{machine}", Mac = new(machine[0]), Addresses = [], Declared = false, Guest = guest, Link = guest ? "vnet4" : null };
        var given = lab.Given with { Ports = [web1, Other("stranger", guest: true), Other("added", guest: false)] };
        var host = Lab.Host with { Links = [.. Lab.Host.Links, new(9, "vnet4", "tun", null, 1500) { Master = "wb-dev" }] };
        var ports = Allocator.Allocate(Lab.Read("x.yaml", Guests.Replace("guard", after, StringComparison.Ordinal)), host, given, DateTimeOffset.UnixEpoch, new Random(3).NextBytes).State.Ports;
        Assert.Equal(stays ? ["added", "stranger", "web1"] : ["added", "web1"], ports.Select(p => p.Machine).Order());
    }

    private static ProjectSpec Printed(ProjectSpec project) =>
        SpecReader.Read("sketch.yaml", SpecWriter.Write(project.Sketch()), new DiagnosticBag()) ?? throw new InvalidDataException(project.Name);

    private static ImmutableArray<Resource> Undeclared(ProjectSpec applied, ProjectSpec read, string network)
    {
        var lab = new Lab();
        lab.Build(applied);
        var random = new Random(3);
        var given = Allocator.AddPort(read, Lab.Host, lab.Given, Elsewhere.Nothing, "guest", new PortSpec(network), DateTimeOffset.UnixEpoch, random.NextBytes);
        Assert.True(given.Succeeded, string.Join('\n', given.Diagnostics));
        return ProjectBuilder.Port(read, Lab.Host, given.State, given.State.Ports.Single(p => p.Machine == "guest"));
    }
}
