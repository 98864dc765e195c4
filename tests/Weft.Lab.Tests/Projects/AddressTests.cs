using System.Net;
using Weft.Engine;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>No address is given out that somebody on the wire has.</summary>
public sealed class AddressTests
{
    private const string Office = """
        version: 1
        name: lab
        networks:
          office:
            mode: bridge
            uplink: eth1
            subnets: [{ prefix: 198.51.100.0/24, gateway: 198.51.100.1 }]
        machines:
          desk1: office
        """;

    [Fact]
    public void What_a_plan_shows_is_what_an_apply_gives_and_the_next_draws_are_others()
    {
        using var lab = new EngineLab();
        const string nat = "version: 1\nname: lab\nnetworks: { dev: { mode: nat } }\nmachines: { web1: dev, web2: dev }\n";
        var planned = lab.Plan(nat).Given;
        Assert.Equal(OutcomeKind.Committed, lab.Apply(nat).Kind);
        var given = lab.Allocations;
        Assert.Equal(planned.Networks.Select(n => (n.Mac, string.Join(' ', n.Subnets))), given.Networks.Select(n => (n.Mac, string.Join(' ', n.Subnets))));
        Assert.Equal(planned.Ports.Select(p => (p.Mac, p.Tap)), given.Ports.Select(p => (p.Mac, p.Tap)));
        lab.Destroy("lab");
        Assert.Empty(lab.Plan(nat).Given.Ports.Select(p => p.Mac).Intersect(planned.Ports.Select(p => p.Mac)));
    }

    [Fact]
    public void An_address_that_a_stranger_has_is_passed_over()
    {
        using var lab = new EngineLab();
        var free = Address(lab.Plan(Office));
        lab.OnLan($"ip address add {free}/24 dev peer");
        Assert.NotEqual(free, Address(lab.Plan(Office)));
    }

    [Fact]
    public void An_address_that_the_file_demands_and_a_stranger_has_is_refused_with_the_strangers_MAC()
    {
        using var lab = new EngineLab();
        lab.OnLan("ip address add 198.51.100.77/24 dev peer");
        var plan = lab.Plan(Office.Replace("desk1: office", "desk1: { network: office, address: 198.51.100.77 }", StringComparison.Ordinal));
        var fault = Assert.Single(plan.Plan.Notes, n => n.Code == "WEFT2012");
        Assert.Contains(lab.OnLan("cat /sys/class/net/peer/address").Trim(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_a_port_that_went_is_free_again_and_never_given_twice()
    {
        const string dev = "version: 1\nname: lab\nnetworks: { dev: { mode: nat, subnets: [10.20.0.0/29], dhcp: false } }\n";
        using var lab = new EngineLab();
        lab.Apply(dev);
        var given = Enumerable.Range(0, 4).Select(i => Add(lab, $"m{i}")).ToList();
        Assert.Equal(given.Count, given.Distinct().Count());
        lab.Act(e => e.Apply(e.ProposePortRemoval("m1", null, null)));
        Assert.Equal(given[1], Add(lab, "m9"));
    }

    private static IPAddress Add(EngineLab lab, string machine)
    {
        var outcome = lab.Act(e => e.Apply(e.ProposePort(machine, new PortSpec("dev"), null)));
        Assert.Equal(OutcomeKind.Committed, outcome.Kind);
        return lab.Allocations.Ports.Single(p => p.Machine == machine).Addresses.Single();
    }

    private static IPAddress Address(Proposal p) => p.Given.Ports.Single().Addresses.First(a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
}
