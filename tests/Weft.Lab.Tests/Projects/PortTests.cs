using Weft.Core.Spec;
using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Ports that no file declares, beside machines that one does.</summary>
public sealed class PortTests
{
    private const string Head = """
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/22], dhcp: false, dns: false, forwards: [ { listen: tcp/8080, to: "m1:80" } ] }
          test: { mode: nat, subnets: [10.30.0.0/24], dhcp: false, dns: false } # machines: { guest: test }
        machines:
          # none of these is read to add a port

        """;

    private const string Other = "version: 1\nname: other\nnetworks: { side: { mode: nat, subnets: [10.40.0.0/24], dhcp: false, dns: false } }\nmachines: { desk: { network: side, tap: wt-guest } }\n";

    // A second port on a network by its options tells a declaration from the defaults.
    private static readonly string Many = Head + string.Concat(Enumerable.Range(0, 60).Select(i => $"  m{i}: {{ ports: [ {{ network: dev, isolated: true, anti_spoof: {(i % 2 == 0 ? "true" : "false")} }} ] }}\n"));

    [Fact]
    public void A_port_beside_many_machines_comes_and_goes_and_leaves_nothing_to_apply()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        var before = lab.Allocations;
        Assert.Equal(OutcomeKind.Committed, Add(lab, "guest", new PortSpec("dev")).Kind);
        Assert.True(lab.Plan(Many).IsEmpty);
        Assert.Equal(OutcomeKind.Nothing, Add(lab, "guest", new PortSpec("dev")).Kind);
        Assert.Equal(OutcomeKind.Committed, Remove(lab, "guest").Kind);
        Assert.Equal(before, lab.Allocations);
        Assert.True(lab.Plan(Many).IsEmpty);
    }

    [Fact]
    public void A_port_that_the_file_declares_is_put_back_as_the_file_has_it()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        Assert.Equal(OutcomeKind.Nothing, Add(lab, "m1", new PortSpec("dev")).Kind);
        lab.OnHost("ip link delete wt-m1");
        Assert.Equal(OutcomeKind.Committed, Add(lab, "m1", new PortSpec("dev")).Kind);
        Assert.True(lab.Plan(Many).IsEmpty);
        Assert.Equal("WEFT2011", Assert.Single(lab.Act(e => e.ProposePortRemoval("m1", null, null)).Plan.Notes).Code);
    }

    [Fact]
    public void What_ports_of_other_networks_and_projects_have_is_not_given_again()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        lab.Apply(Other);
        Add(lab, "guest", new PortSpec("test"));
        Add(lab, "guest", new PortSpec("dev"));
        var ports = lab.Allocations.Ports;
        Assert.Equal(ports.Length, ports.Select(p => p.Tap).Distinct().Count());
        Assert.Equal(ports.Length, ports.Select(p => p.Mac).Distinct().Count());
        Assert.Equal(["wt-guest"], ports.Where(p => p.Project == "other").Select(p => p.Tap));
        Assert.Equal("WEFT4006", Assert.Single(lab.Act(e => e.ProposePortRemoval("guest", null, null)).Plan.Notes).Code);
        lab.Act(e => e.Apply(e.ProposePortRemoval("guest", "test", null)));
        Assert.Equal(["dev"], lab.Allocations.Ports.Where(p => p.Machine == "guest").Select(p => p.Network));
    }

    [Fact]
    public void A_MAC_or_address_of_a_port_on_the_network_is_refused()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        var m1 = lab.Allocations.Ports.First(p => p.Machine == "m1");
        Assert.Equal("WEFT2003", Fault(lab, new PortSpec("dev") { Mac = m1.Mac }));
        Assert.Equal("WEFT2005", Fault(lab, new PortSpec("dev") { Addresses = m1.Addresses }));
        Assert.Equal(OutcomeKind.Committed, Add(lab, "guest", new PortSpec("test") { Mac = m1.Mac }).Kind);
    }

    [Fact]
    public void A_proposal_holds_until_something_near_it_was_given_out()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        var (one, gone) = lab.Act(e => (e.ProposePort("guest", new PortSpec("dev"), null), e.ProposePort("guest", new PortSpec("test"), null)));
        Add(lab, "first", new PortSpec("test"));
        Assert.NotNull(lab.Act(e => e.Refresh(one)));
        Assert.Null(lab.Act(e => e.Refresh(gone)));
    }

    [Fact]
    public void The_history_has_the_file_for_a_rollback_behind_a_port()
    {
        using var lab = new EngineLab();
        lab.Apply(Many);
        Add(lab, "guest", new PortSpec("dev"));
        Assert.Equal([Many, Many], lab.Act(e => e.Store.Revisions("lab")).Select(r => r.Text));
        Assert.Equal(Many, lab.Act(e => e.Store.Project("lab"))!.Text);
    }

    private static Outcome Add(EngineLab lab, string machine, PortSpec wanted) => lab.Act(e => e.Apply(e.ProposePort(machine, wanted, null)));

    private static Outcome Remove(EngineLab lab, string machine) => lab.Act(e => e.Apply(e.ProposePortRemoval(machine, null, null)));

    private static string Fault(EngineLab lab, PortSpec wanted) => Assert.Single(lab.Act(e => e.ProposePort("guest", wanted, null)).Plan.Notes).Code;
}
