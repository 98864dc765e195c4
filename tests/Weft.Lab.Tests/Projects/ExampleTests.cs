using Weft.Engine;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Every example is planned, applied, found as declared, and destroyed, on a host like the one it is written for.</summary>
public sealed class ExampleTests
{
    /// <summary>All files under examples/.</summary>
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(RepoFiles.Path("examples"), "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_is_applied_is_stable_and_leaves_nothing(string file)
    {
        using var lab = new EngineLab();
        var before = lab.Picture();
        var text = File.ReadAllText(RepoFiles.Path("examples", file));
        var proposal = lab.Plan(text);
        if (!proposal.Succeeded) Assert.Skip(Lacking(proposal));
        Assert.Equal((OutcomeKind.Committed, ""), (lab.Apply(text) is var o ? o.Kind : default, o.Why));
        var again = lab.Plan(text);
        Assert.True(again.IsEmpty, string.Join('\n', again.Plan.Steps));
        Assert.Equal((OutcomeKind.Committed, ""), (lab.Destroy(again.Plan.Project) is var d ? d.Kind : default, d.Why));
        lab.AssertIs(before, "after destroy");
    }

    // This kernel may lack VLANs; everything else in an example must work here.
    private static string Lacking(Proposal p)
    {
        var errors = p.Plan.Notes.Where(n => n.Severity == Core.Diagnostics.Severity.Error).ToList();
        Assert.All(errors, e => Assert.Contains("kernel", e.Message, StringComparison.Ordinal));
        return errors[0].Message;
    }
}
