using Weft.Engine;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>The machine went down in the middle of a change, and comes up again without links, rules, processes and what is in /run, and with another default route.</summary>
public sealed class RebootTests : IDisposable
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev: { mode: nat, subnets: [10.20.0.0/24], forwards: [{ listen: tcp/8080, to: "app1:80" }] }
        machines:
          app1: dev

        """;

    private readonly EngineLab _lab = new();
    private readonly string _boot = Path.GetTempFileName();

    public void Dispose()
    {
        _lab.Dispose();
        File.Delete(_boot);
    }

    [Fact]
    public void What_was_applied_comes_back_and_until_then_is_shown_as_missing()
    {
        var file = Path.Combine(_lab.State, "lab.yaml");
        File.WriteAllText(file, Project);
        Assert.Equal(0, Weft("apply", file, "--yes").ExitCode);
        File.WriteAllText(file, Project + "  app2: dev\n");
        var runner = RepoFiles.Path("artifacts", "bin", "Weft.FaultRunner", "debug", "Weft.FaultRunner");
        Assert.Equal(137, WeftProgram.RunProgram(runner, [_lab.Host, _lab.State, _lab.Root, "1", "apply", file]).ExitCode);
        Reboot();
        Assert.Contains("missing", Weft("show").Output, StringComparison.Ordinal);
        var drift = Weft("diff");
        Assert.Equal(2, drift.ExitCode);
        Assert.Contains("the machine went down in the middle", drift.Errors, StringComparison.Ordinal);
        Assert.Contains("+ bridge wb-office", drift.Output, StringComparison.Ordinal);
        var boot = Weft("apply", "--boot");
        Assert.True(boot.ExitCode == 0, boot.Errors);
        Assert.Equal(new Ended(0, "lab: the host is as declared, nothing to do\n", ""), Weft("diff"));
        Assert.Contains("198.51.100.2/24", _lab.OnHost("ip -br address show dev wb-office"), StringComparison.Ordinal);
        Assert.Equal(0, Weft("destroy", "lab", "--yes").ExitCode);
        Assert.Contains("198.51.100.2/24", _lab.OnHost("ip -br address show dev eth1"), StringComparison.Ordinal);
    }

    private void Reboot()
    {
        foreach (var process in global::Weft.Tests.NetnsProcesses.Of(_lab.Host)) process.Kill();
        foreach (var link in new[] { "wt-app1", "wb-dev", "wb-office" }) _lab.OnHost($"ip link delete {link}");
        _lab.OnHost("nft flush ruleset");
        foreach (var setting in new[] { "ipv4.ip_forward", "ipv6.conf.all.forwarding" }) _lab.OnHost($"sysctl -qw net.{setting}=0");
        Directory.Delete(EnginePaths.Of(_lab.Host, _lab.State).Run, true);
        foreach (var address in new[] { "198.51.100.2/24", "198.51.100.3/24" }) _lab.OnHost($"ip address add {address} dev eth1");
        File.WriteAllText(_boot, $"{Guid.NewGuid()}\n");
    }

    // The kernel's boot_id is another one in the eyes of this command.
    private Ended Weft(params string[] arguments)
    {
        if (new FileInfo(_boot).Length == 0) return WeftProgram.Run(["--netns", _lab.Host, "--state", _lab.State, .. arguments]);
        return WeftProgram.RunProgram("unshare", ["-m", "sh", "-c", $"mount --bind {_boot} /proc/sys/kernel/random/boot_id; exec \"$0\" \"$@\"", WeftProgram.Path, "--netns", _lab.Host, "--state", _lab.State, .. arguments]);
    }
}
