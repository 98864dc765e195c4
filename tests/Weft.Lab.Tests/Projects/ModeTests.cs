using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>A network whose mode alone is changed, on a live host.</summary>
public sealed class ModeTests
{
    private const string Nat = "version: 1\nname: lab\nnetworks: { dev: { mode: nat, subnets: [10.20.0.0/24, \"fd00:20::/64\"] } }\nmachines: { web1: dev }\n";
    private const string Bridge = "version: 1\nname: lab\nnetworks: { dev: { mode: bridge, uplink: eth0 } }\nmachines: { web1: dev }\n";

    [Fact]
    public void From_nat_to_a_bridge_over_its_uplink_and_back_nothing_is_left_to_do_and_nothing_is_left()
    {
        using var lab = new EngineLab();
        var before = lab.Picture();
        foreach (var text in new[] { Nat, Bridge, Nat, Bridge })
        {
            var outcome = lab.Apply(text);
            Assert.True(outcome.Kind == OutcomeKind.Committed, $"{text}: {outcome.Why}");
            var again = lab.Plan(text).Plan;
            Assert.True(again.IsEmpty, $"{text}: {Core.Planning.PlanText.Render(again, elements: true)}");
            Assert.Equal(text == Nat ? "0\n1\n" : "1\n0\n", lab.OnHost("sysctl -n net.ipv6.conf.wb-dev.accept_ra net.ipv4.conf.wb-dev.forwarding"));
        }
        Assert.Contains("192.0.2.2/24", lab.OnHost("ip -br address show dev wb-dev"), StringComparison.Ordinal);
        lab.Destroy("lab");
        lab.AssertIs(before, "after destroy");
    }
}
