using Weft.Core.Resources;
using Weft.Engine.Reconcile;
using Xunit;

namespace Weft.Engine.Tests.Reconcile;

/// <summary>What is a fight over an object, and what is not.</summary>
public sealed class FightsTests
{
    private static readonly ResourceKey s_link = new(ResourceKind.Bridge, "wb-dev"), s_other = new(ResourceKind.Tap, "wt-app1");
    private static readonly ReconcileOptions s_how = new();

    [Fact]
    public void What_is_put_back_after_a_failure_is_no_fight()
    {
        var fights = new Fights(s_how);
        var failed = fights.Failed(DriftScope.All, TimeSpan.Zero);
        Assert.All(failed, h => Assert.Equal(s_how.FirstHold, h.For));
        Assert.Empty(fights.Repaired([s_link], s_how.FirstHold));
        Assert.Empty(fights.Repaired([s_other], s_how.FirstHold * 2));
    }

    [Fact]
    public void Failures_one_after_the_other_are_waited_for_longer_and_longer()
    {
        var fights = new Fights(s_how);
        fights.Failed(DriftScope.All, TimeSpan.Zero);
        Assert.All(fights.Failed(DriftScope.All, s_how.FirstHold), h => Assert.Equal(s_how.FirstHold * 2, h.For));
    }

    [Fact]
    public void A_fight_goes_on_with_the_first_repair_after_its_hold_also_when_something_failed_in_between()
    {
        var fights = new Fights(s_how);
        for (var i = 0; i < s_how.FightLimit; i++) Assert.Empty(fights.Repaired([s_link], TimeSpan.Zero));
        Assert.Equal(s_how.FirstHold, Assert.Single(fights.Repaired([s_link], TimeSpan.Zero)).For);
        fights.Failed(DriftScope.All, s_how.FirstHold);
        Assert.Equal(s_how.FirstHold * 4, Assert.Single(fights.Repaired([s_link], s_how.FirstHold * 3)).For);
    }
}
