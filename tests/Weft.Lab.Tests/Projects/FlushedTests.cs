using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Lab.Tests.Reconcile;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>A ruleset that somebody flushes while a change is read back.</summary>
public sealed class FlushedTests
{
    [Fact]
    public void The_change_is_taken_back_as_one_whose_plan_does_not_hold_any_more()
    {
        using var lab = new EngineLab();
        Assert.Equal(OutcomeKind.Changed, lab.Apply(DriftTests.Project, new Flush(lab)).Kind);
        Assert.DoesNotContain("wb-", lab.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Committed, lab.Apply(DriftTests.Project).Kind);
    }

    private sealed class Flush(EngineLab lab) : IApplyObserver
    {
        public bool StepByStep => false;

        public void Before(int first, int total, Step step) { }

        public void After(int done, int total)
        {
            if (done == total) lab.OnHost("nft flush ruleset");
        }
    }
}
