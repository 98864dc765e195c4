using Weft.Core.Diagnostics;
using Weft.Engine;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Two state directories on one network namespace.</summary>
public sealed class TwoStatesTests : IDisposable
{
    private const string First = "version: 1\nname: first\nnetworks: { a: { mode: nat, subnets: [10.20.0.0/24], dhcp: false, dns: false } }\n";
    private static readonly string s_second = First.Replace("first", "second", StringComparison.Ordinal).Replace("a:", "b:", StringComparison.Ordinal).Replace("10.20", "10.30", StringComparison.Ordinal);
    private readonly EngineLab _lab = new();
    private readonly string _other = Directory.CreateTempSubdirectory("weft-other-").FullName;

    public void Dispose()
    {
        _lab.Dispose();
        Directory.Delete(_other, true);
    }

    [Fact]
    public void The_second_names_the_projects_of_the_first_and_leaves_what_they_share()
    {
        _lab.Apply(First);
        var before = _lab.Picture();
        var note = Elsewhere(e => Assert.Single(Propose(e, s_second).Plan.Notes, n => n.Code == "WEFT4008"));
        Assert.Equal((Severity.Warning, $"project first is on this host but not in the state directory {_other}"), (note.Severity, note.Message));
        Assert.Contains($"it is kept in {_lab.State}", note.Hint, StringComparison.Ordinal);
        Elsewhere(e => e.Apply(Propose(e, s_second)));
        Elsewhere(e => e.Apply(e.ProposeDestroy("second")));
        _lab.AssertIs(before, "after the other one's destroy");
    }

    [Fact]
    public void A_project_that_the_first_has_is_refused_by_the_second()
    {
        _lab.Apply(First);
        foreach (var proposal in new[] { Elsewhere(e => Propose(e, First)), Elsewhere(e => e.ProposeDestroy("first")) })
        {
            Assert.False(proposal.Succeeded);
            Assert.Contains(proposal.Plan.Notes, n => n.Code == "WEFT4009" && n.Message.EndsWith(_lab.State, StringComparison.Ordinal));
        }
        _lab.Destroy("first");
        Assert.Equal(OutcomeKind.Committed, Elsewhere(e => e.Apply(Propose(e, First))).Kind);
        Assert.Contains(_lab.Plan(First).Plan.Notes, n => n.Code == "WEFT4009");
        Elsewhere(e => e.Apply(e.ProposeDestroy("first")));
    }

    [Fact]
    public void After_a_lost_database_the_same_or_another_one_takes_over()
    {
        _lab.Apply(First);
        foreach (var file in Directory.EnumerateFiles(_lab.State, "*.db*")) File.Delete(file); // and its copy
        var note = Elsewhere(e => Assert.Single(Propose(e, s_second).Plan.Notes, n => n.Code == "WEFT4008"));
        Assert.Contains("its database was lost", note.Hint, StringComparison.Ordinal);
        Assert.True(Elsewhere(e => Propose(e, First)).Succeeded);
        Assert.Equal(OutcomeKind.Committed, _lab.Apply(First).Kind);
        Assert.Equal(OutcomeKind.Committed, _lab.Destroy("first").Kind);
    }

    private static Proposal Propose(WeftEngine engine, string text) => engine.Propose(new SpecSource("lab.yaml", text));

    private T Elsewhere<T>(Func<WeftEngine, T> action) => NetNamespace.Run(_lab.Host, () =>
    {
        using var engine = WeftEngine.ToAct(_lab.Options() with { Paths = EnginePaths.Of(_lab.Host, _other) }, "test");
        return action(engine);
    });
}
