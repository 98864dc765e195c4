using Weft.Core.Resources;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>
/// At every single step of an apply and of a destroy something goes wrong: the step is refused, or the process is killed. Afterwards the host is as before,
/// what is given out is untouched, and the next command says what it repaired.
/// </summary>
public sealed class FaultTests
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev:
            mode: nat
            subnets: [10.20.0.0/24, "fd00:20::/64"]
            forwards: [ { listen: tcp/8080, to: "app1:80" } ]
        machines:
          desk1: office
          app1: dev
        """;

    [Fact]
    public void A_refused_step_of_an_apply_leaves_the_host_as_before()
    {
        using var lab = new EngineLab();
        var before = lab.Picture();
        var steps = lab.Plan(Project).Plan.Steps.Length;
        for (var k = 0; k <= steps; k++)
        {
            var outcome = lab.Apply(Project, new Refusing(k));
            Assert.Equal(OutcomeKind.Undone, outcome.Kind);
            Assert.Contains($"refused at {k}", outcome.Why, StringComparison.Ordinal);
            Assert.Empty(outcome.Left);
            lab.AssertIs(before, $"step {k}");
        }
        Assert.Empty(lab.Allocations.Ports);
    }

    [Fact]
    public void A_refused_step_of_a_destroy_leaves_the_host_as_before()
    {
        using var lab = new EngineLab();
        Assert.Equal(OutcomeKind.Committed, lab.Apply(Project).Kind);
        var (before, given) = (lab.Picture(), lab.Allocations);
        var steps = lab.Act(e => e.ProposeDestroy("lab")).Plan.Steps.Length;
        for (var k = 0; k <= steps; k++)
        {
            var outcome = lab.Destroy("lab", new Refusing(k));
            Assert.Equal(OutcomeKind.Undone, outcome.Kind);
            Assert.Empty(outcome.Left);
            lab.AssertIs(before, $"step {k}");
        }
        Assert.Equal(given, lab.Allocations);
    }

    [Fact]
    public void An_apply_killed_at_any_step_is_taken_back_by_the_next_command()
    {
        using var lab = new EngineLab();
        var file = Written(lab.State);
        var before = lab.Picture();
        var steps = lab.Plan(Project).Plan.Steps.Length;
        for (var k = 0; k <= steps; k++)
        {
            Kill(lab, k, "apply", file);
            var repair = lab.Act(e => e.Repaired);
            Assert.Equal("lab", repair?.Project);
            Assert.Empty(repair!.Left);
            lab.AssertIs(before, $"step {k}");
            Assert.Empty(lab.Allocations.Ports);
        }
        Assert.Equal(OutcomeKind.Committed, lab.Apply(Project).Kind);
    }

    [Fact]
    public void A_destroy_killed_at_any_step_is_taken_back_by_the_next_command()
    {
        using var lab = new EngineLab();
        Assert.Equal(OutcomeKind.Committed, lab.Apply(Project).Kind);
        var (before, given) = (lab.Picture(), lab.Allocations);
        var steps = lab.Act(e => e.ProposeDestroy("lab")).Plan.Steps.Length;
        for (var k = 0; k <= steps; k++)
        {
            Kill(lab, k, "destroy", "lab");
            var repair = lab.Act(e => e.Repaired);
            Assert.Equal("destroy", repair?.Verb);
            Assert.Empty(repair!.Left);
            lab.AssertIs(before, $"step {k}");
            Assert.Equal(given, lab.Allocations);
        }
    }

    [Fact]
    public void An_interrupted_apply_is_taken_back_before_it_ends_however_often_it_is_interrupted()
    {
        using var lab = new EngineLab();
        var (file, before, steps) = (Written(lab.State), lab.Picture(), lab.Plan(Project).Plan.Steps.Length);
        foreach (var k in new[] { steps / 2, steps })
        {
            var ended = WeftProgram.RunProgram(Runner, [lab.Host, lab.State, lab.Root, $"interrupt:{k}", "apply", file]);
            Assert.Equal((1, "Undone: interrupted by SIGINT"), (ended.ExitCode, ended.Output.Trim()));
            lab.AssertIs(before, $"step {k}");
            Assert.Null(lab.Act(e => e.Repaired));
        }
    }

    [Fact]
    public void An_apply_that_finds_the_disk_full_is_taken_back()
    {
        using var lab = new EngineLab();
        var (file, before, steps) = (Written(lab.Root), lab.Picture(), lab.Plan(Project).Plan.Steps.Length);
        foreach (var k in new[] { 0, steps })
        {
            // The disk is seen by the runner only, and goes with it.
            var ended = WeftProgram.RunProgram("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=1m none \"$2\"; exec \"$0\" \"$@\"", Runner, lab.Host, lab.State, lab.Root, $"full:{k}", "apply", file]);
            Assert.Contains("database or disk is full", ended.Output, StringComparison.Ordinal);
            Assert.StartsWith("Undone: the database ", ended.Output, StringComparison.Ordinal);
            lab.AssertIs(before, $"step {k}");
        }
    }

    private static string Written(string folder)
    {
        var file = Path.Combine(folder, "lab.yaml");
        File.WriteAllText(file, Project);
        return file;
    }

    private static string Runner => RepoFiles.Path("artifacts", "bin", "Weft.FaultRunner", "debug", "Weft.FaultRunner");

    internal static void Kill(EngineLab lab, int k, string verb, string subject)
    {
        var ended = TryKill(lab, k, verb, subject);
        Assert.True(ended == 128 + 9, $"the runner was not killed at step {k}: {ended}");
    }

    /// <summary>As <see cref="Kill"/>, where the number of steps is not known: its exit code, 0 when there is no such step.</summary>
    internal static int TryKill(EngineLab lab, int k, string verb, string subject)
    {
        var ended = WeftProgram.RunProgram(Runner, [lab.Host, lab.State, lab.Root, $"{k}", verb, subject]);
        Assert.True(ended.ExitCode is 0 or 128 + 9, $"the runner failed at step {k}: {ended.ExitCode} {ended.Errors}");
        return ended.ExitCode;
    }

    /// <summary>Refuses a step; k beyond the last refuses what comes after all steps.</summary>
    internal sealed class Refusing(int k) : IApplyObserver
    {
        public bool StepByStep => true;

        public void Before(int first, int total, Step step)
        {
            if (first == k) throw new IOException($"refused at {k}");
        }

        public void After(int done, int total)
        {
            if (done == total && k == total) throw new IOException($"refused at {k}");
        }
    }
}
