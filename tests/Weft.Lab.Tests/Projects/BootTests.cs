using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>The start of the machine brings back what was applied, also when links come late or one after the other.</summary>
public sealed class BootTests
{
    [Fact]
    public void A_NIC_that_comes_late_is_waited_for()
    {
        using var lab = new EngineLab();
        MakeNic(lab);
        lab.Apply("version: 1\nname: lab\nnetworks: { late: { mode: bridge, uplink: eth9 } }\n");
        foreach (var link in new[] { "eth9", "wb-late" }) lab.OnHost($"ip link delete {link}");
        var clock = new Clock(() => MakeNic(lab));
        Assert.Equal(OutcomeKind.Committed, Assert.Single(Boot(lab, clock)));
        Assert.Contains("master wb-late", lab.OnHost("ip link show eth9"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_another_project_is_made_before_those_that_need_it()
    {
        using var lab = new EngineLab();
        lab.Apply("version: 1\nname: second\nnetworks: { office: { mode: bridge, uplink: eth1 } }\n");
        lab.Apply("version: 1\nname: first\nnetworks: { dev: { mode: nat, uplink: wb-office, subnets: [10.20.0.0/24] } }\n");
        foreach (var link in new[] { "wb-dev", "wb-office" }) lab.OnHost($"ip link delete {link}");
        var clock = new Clock(() => Assert.Fail("waited for the kernel"));
        Assert.All(lab.Act(e => e.ApplyAtBoot().ToList(), clock: clock), d => Assert.True(d.Outcome?.Kind == OutcomeKind.Committed, $"{d.Project.Name}: {d.Outcome}"));
        foreach (var link in new[] { "wb-dev", "wb-office" }) lab.OnHost($"ip link show {link}");
    }

    [Fact]
    public void A_NIC_that_never_comes_keeps_only_its_own_project_down()
    {
        using var lab = new EngineLab();
        MakeNic(lab);
        lab.Apply("version: 1\nname: gone\nnetworks: { late: { mode: bridge, uplink: eth9 } }\n");
        lab.Apply("version: 1\nname: lab\nnetworks: { office: { mode: bridge, uplink: eth1 } }\n");
        foreach (var link in new[] { "eth9", "wb-late", "wb-office" }) lab.OnHost($"ip link delete {link}");
        var outcomes = Boot(lab, new Clock(() => { }) { Step = TimeSpan.FromHours(1) });
        Assert.Equal([OutcomeKind.Committed, null], outcomes.OrderByDescending(o => o.HasValue));
    }

    private static List<OutcomeKind?> Boot(EngineLab lab, TimeProvider clock) =>
        lab.Act(e => e.ApplyAtBoot().Select(d => d.Outcome?.Kind).ToList(), clock: clock);

    private static void MakeNic(EngineLab lab)
    {
        lab.OnHost("ip link add eth9 type veth peer name peer9");
        lab.OnHost("ip link set peer9 up");
    }

    /// <summary>Looked at once to begin with, and then when all that is left is to wait for the kernel: something happens then.</summary>
    private sealed class Clock(Action waiting) : TimeProvider
    {
        private int _looks;

        /// <summary>How far it goes on at each look.</summary>
        public TimeSpan Step { get; init; }

        public override long GetTimestamp()
        {
            if (_looks++ == 1) waiting();
            return _looks * Step.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond;
        }
    }
}
