using Weft.Engine.Reconcile;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Reconcile;

/// <summary>Other programs that do it again, notices that are lost, and commands that are killed.</summary>
public sealed class FightTests
{
    private const string Project = DriftTests.Project;

    [Fact]
    public void Who_takes_the_same_away_again_and_again_is_left_for_longer_and_longer()
    {
        using var lab = new DriftLab([Project], new() { FightLimit = 2, FirstHold = TimeSpan.FromMilliseconds(100) });
        var holds = new List<DriftEvent>();
        for (var repairs = 0; holds.Count < 3;)
        {
            lab.Host.OnHost("nft flush set bridge weft macs");
            var told = lab.Next();
            Assert.Equal(DriftEventKind.Repaired, told.Kind);
            if (++repairs > 2) holds.Add(lab.Next());
        }
        Assert.All(holds, h => Assert.Equal(DriftEventKind.BackingOff, h.Kind));
        Assert.All(holds, h => Assert.Contains(h.Objects, o => o.Name.Contains("bridge weft macs", StringComparison.Ordinal)));
        Assert.All(holds, h => Assert.Equal("nft", h.Program));
        Assert.Equal([100, 200, 400], holds.Select(h => h.Hold!.Value.TotalMilliseconds));
    }

    [Fact]
    public void A_fight_over_filters_does_not_keep_links_from_being_repaired()
    {
        using var lab = new DriftLab([Project], new() { FightLimit = 1, FirstHold = TimeSpan.FromMinutes(10), LongestHold = TimeSpan.FromMinutes(10) });
        for (var n = 0; n < 2; n++)
        {
            lab.Host.OnHost("nft flush set bridge weft macs");
            Assert.Equal(DriftEventKind.Repaired, lab.Next().Kind);
        }
        Assert.Equal(DriftEventKind.BackingOff, lab.Next().Kind);
        lab.Host.OnHost("nft flush set bridge weft macs");
        lab.Host.OnHost("ip link set wt-m1 down");
        Assert.Equal(["tap wt-m1"], lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.Empty(lab.Stop());
    }

    [Fact]
    public void Lost_notices_are_made_up_for_by_a_look_at_everything()
    {
        // While the reconciler tells of a repair it does not read; the kernel keeps 2 kB for it at least, less than thirty links take.
        using var lab = new DriftLab([Project], new() { ReceiveBytes = 1 }, told: (host, e) =>
        {
            if (!e.Objects.Any(o => o.Name == "tap wt-m2")) return;
            foreach (var n in Enumerable.Range(0, 30)) host.OnHost($"ip link add other{n} type veth peer name peer{n}");
            host.OnHost("ip link delete wt-m1");
        });
        lab.Host.OnHost("ip link set wt-m2 down");
        Assert.Equal(["tap wt-m2"], lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.Contains("tap wt-m1", lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.True(lab.Host.Plan(Project).IsEmpty);
    }

    [Fact]
    public void A_command_that_is_killed_is_taken_back_at_once()
    {
        using var lab = new DriftLab([Project]);
        var file = Path.Combine(lab.Host.State, "more.yaml");
        File.WriteAllText(file, Project + "  m3: dev\n");
        var step = lab.Host.Plan(File.ReadAllText(file)).Plan.Steps.Length / 2;
        FaultTests.Kill(lab.Host, step, "apply", file);
        Assert.Equal("lab", lab.Next(DriftEventKind.Recovered).Project);
        lab.Host.AssertIs(lab.Declared, "after the kill");
    }
}
