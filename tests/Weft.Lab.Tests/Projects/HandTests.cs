using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>What somebody did by hand to the uplink of a bridge does not cost the host its addresses.</summary>
public sealed class HandTests
{
    private const string Office = "version: 1\nname: lab\nnetworks: { office: { mode: bridge, uplink: eth1 } }\nmachines: { desk1: office }\n";

    [Theory]
    [InlineData("ip link delete wb-office")]
    [InlineData("ip link set eth1 nomaster")]
    public void A_destroy_gives_the_addresses_back_to_the_NIC(string byHand)
    {
        using var lab = new EngineLab();
        lab.Apply(Office);
        lab.OnHost(byHand);
        Assert.Equal(OutcomeKind.Committed, lab.Destroy("lab").Kind);
        AssertAddresses(lab, "eth1");
    }

    [Theory]
    [InlineData("ip link delete wb-office")]
    [InlineData("ip link set eth1 nomaster")]
    public void An_apply_gives_them_to_the_bridge_again_and_a_destroy_to_the_NIC(string byHand)
    {
        using var lab = new EngineLab();
        lab.Apply(Office);
        lab.OnHost(byHand);
        Assert.Equal(OutcomeKind.Committed, lab.Apply(Office).Kind);
        AssertAddresses(lab, "wb-office");
        Assert.True(lab.Plan(Office).IsEmpty);
        Assert.Equal(OutcomeKind.Committed, lab.Destroy("lab").Kind);
        AssertAddresses(lab, "eth1");
    }

    [Fact]
    public void A_destroy_gives_the_addresses_back_to_a_NIC_that_was_renamed()
    {
        using var lab = new EngineLab();
        lab.Apply(Office);
        foreach (var command in new[] { "ip link set eth1 down", "ip link set eth1 name lan0", "ip link set lan0 up" }) lab.OnHost(command);
        Assert.Equal(OutcomeKind.Committed, lab.Destroy("lab").Kind);
        AssertAddresses(lab, "lan0");
    }

    private static void AssertAddresses(EngineLab lab, string link)
    {
        var there = lab.OnHost($"ip address show dev {link}");
        Assert.All(["198.51.100.2/24", "198.51.100.3/24", "2001:db8:51::2/64"], a => Assert.Contains(a, there, StringComparison.Ordinal));
        Assert.Contains($"default via 198.51.100.1 dev {link} metric 500", lab.OnHost("ip route"), StringComparison.Ordinal);
    }
}
