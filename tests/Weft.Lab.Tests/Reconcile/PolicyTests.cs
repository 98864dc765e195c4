using Weft.Core.Spec;
using Weft.Engine;
using Weft.Engine.Reconcile;
using Xunit;

namespace Weft.Lab.Tests.Reconcile;

/// <summary>What the project says is to be done about drift, and when nothing is to be done.</summary>
public sealed class PolicyTests
{
    private const string Project = DriftTests.Project;
    private const string Warn = Project + "drift: warn\n", Ignore = Project + "drift: ignore\n";

    [Fact]
    public void Drift_that_is_to_be_reported_is_told_once_and_left_and_its_end_is_told()
    {
        using var lab = new DriftLab([Warn]);
        lab.Host.OnHost("ip link set wt-m1 down");
        var told = lab.Next();
        Assert.Equal((DriftEventKind.Seen, DriftPolicy.Warn), (told.Kind, told.Policy));
        Assert.Equal([new DriftedObject("tap wt-m1", "link down -> up")], told.Objects);
        lab.Host.OnHost("ip link set wt-m2 down");
        Assert.Equal(["tap wt-m1", "tap wt-m2"], lab.Next().Objects.Select(o => o.Name));
        lab.Host.OnHost("ip link set wt-m1 up");
        lab.Host.OnHost("ip link set wt-m2 up");
        Assert.Contains("not as declared: tap wt-m1", told.ToString(), StringComparison.Ordinal);
        while ((told = lab.Next()) is { Objects.IsEmpty: false }) Assert.Equal(DriftEventKind.Seen, told.Kind);
        Assert.EndsWith(": all is as declared again", told.ToString(), StringComparison.Ordinal);
        Assert.Single(lab.Host.Act(e => e.Store.Revisions("lab")));
    }

    [Fact]
    public void Drift_that_is_to_be_ignored_is_neither_told_nor_repaired()
    {
        using var lab = new DriftLab([Ignore, "version: 1\nname: other\nnetworks: { side: { mode: nat, uplink: eth0, subnets: [10.40.0.0/24], dhcp: false, dns: false } }\nmachines: { m9: side }\n"]);
        lab.Host.OnHost("ip link delete wt-m1");
        lab.Host.OnHost("ip link delete wt-m9"); // told later, and mended
        Assert.Equal("other", lab.Next().Project);
        Assert.Empty(lab.Stop());
        Assert.DoesNotContain("wt-m1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_is_applied_later_holds_from_then_on()
    {
        using var lab = new DriftLab([Ignore]);
        lab.Host.Apply(Project);
        lab.Host.OnHost("ip link delete wt-m1");
        Assert.Equal(DriftEventKind.Repaired, lab.Next().Kind);
    }

    [Fact]
    public void What_another_weft_applies_and_destroys_is_no_drift()
    {
        using var lab = new DriftLab([Project]);
        Assert.Equal(OutcomeKind.Committed, lab.Host.Apply(Project.Replace("  m2: dev\n", "  m3: dev\n", StringComparison.Ordinal)).Kind);
        lab.Host.OnHost("ip link set wt-m3 down"); // told after all that the apply did
        Assert.Equal(["tap wt-m3"], lab.Next().Objects.Select(o => o.Name));
        Assert.Equal(OutcomeKind.Committed, lab.Host.Destroy("lab").Kind);
        Assert.Empty(lab.Stop());
        Assert.Equal(["destroy", "repair", "apply", "apply"], lab.Host.Act(e => e.Store.Revisions("lab")).Select(r => r.Verb));
    }

    [Fact]
    public void While_a_command_is_at_work_nothing_is_repaired_and_then_it_is()
    {
        using var lab = new DriftLab([Project]);
        lab.Host.Act(e =>
        {
            lab.Host.OnHost("ip link delete wt-m1");
            lab.Host.OnHost("ip link delete wt-m2");
            return lab.Host.OnHost("ip -br link");
        });
        var objects = lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name).ToList();
        Assert.Contains("tap wt-m1", objects);
        Assert.Contains("tap wt-m2", objects);
    }

    [Fact]
    public void While_a_change_waits_to_be_confirmed_nothing_is_repaired_and_then_it_is()
    {
        using var lab = new DriftLab([Project]);
        var file = Path.Combine(lab.Host.State, "lab.yaml");
        File.WriteAllText(file, Project + "  m3: dev\n");
        string[] where = ["--netns", lab.Host.Host, "--state", lab.Host.State];
        WeftProgram.Succeed(["apply", file, "--yes", "--confirm", "10m", .. where]);
        lab.Host.OnHost("ip link delete wt-m1");
        Assert.DoesNotContain("wt-m1", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        WeftProgram.Succeed(["confirm", .. where]);
        Assert.Contains("tap wt-m1", lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.Equal(["repair", "apply", "apply"], lab.Host.Act(e => e.Store.Revisions("lab")).Select(r => r.Verb));
    }

    [Fact]
    public void A_change_whose_guard_is_killed_is_taken_back_and_what_went_meanwhile_is_put_back()
    {
        using var lab = new DriftLab([Project]);
        var file = Path.Combine(lab.Host.State, "lab.yaml");
        File.WriteAllText(file, Project + "  m3: dev\n");
        WeftProgram.Succeed(["apply", file, "--yes", "--confirm", "10m", "--netns", lab.Host.Host, "--state", lab.Host.State]);
        Assert.Contains("wt-m3", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        lab.Host.OnHost("ip link delete wt-m1");
        foreach (var guard in global::Weft.Tests.NetnsProcesses.Of(lab.Host.Host).Where(p => File.ReadAllText($"/proc/{p.Id}/cmdline").Contains("\0guard\0", StringComparison.Ordinal))) guard.Kill();
        Assert.Contains("its guard is gone", lab.Next(DriftEventKind.Recovered).Why, StringComparison.Ordinal);
        Assert.Contains("tap wt-m1", lab.Next(DriftEventKind.Repaired).Objects.Select(o => o.Name));
        Assert.DoesNotContain("wt-m3", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
    }
}
