using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>A signal to the whole process group, as a terminal and systemd send it, while dnsmasq is being started: dnsmasq gets it too.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly CliLab _lab = new();

    public void Dispose() => _lab.Dispose();

    // sh is what dnsmasq would be: a child of weft that is waited for.
    [Theory]
    [InlineData("INT", "kill -INT $PPID; kill -INT $$")]
    [InlineData("TERM", "kill -TERM $PPID; kill -TERM $$")]
    [InlineData("TERM", "kill -TERM $$ & kill -TERM $PPID; wait")]
    [InlineData("INT", "kill -INT $PPID; exit 0")]
    public void It_is_told_as_the_interruption_it_is_and_all_is_taken_back(string signal, string script)
    {
        var ended = Weft(script, "apply", _lab.Write("lab.yaml", CliLab.Project), "--yes");
        Assert.EndsWith($"weft: interrupted by SIG{signal}\neverything was taken back: the host is as before\n", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(3, ended.ExitCode);
        Assert.DoesNotContain("wb-", _lab.OnHost("ls /sys/class/net"), StringComparison.Ordinal);
        Assert.Contains($"interrupted by SIG{signal}", _lab.Weft("history").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dnsmasq_that_somebody_else_ends_is_told_as_that()
    {
        var ended = Weft("kill -TERM $$", "apply", _lab.Write("lab.yaml", CliLab.Project), "--yes");
        Assert.Contains("start dnsmasq with", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(3, ended.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_boot_the_project_in_work_is_taken_back_and_the_others_are_not_begun(bool json)
    {
        Assert.Equal(0, _lab.Weft("apply", _lab.Write("a.yaml", "version: 1\nname: a\nnetworks: { dev: { mode: nat, subnets: [10.20.0.0/24] } }\n"), "--yes").ExitCode);
        foreach (var name in new[] { "b", "c" }) Assert.Equal(0, _lab.Weft("apply", _lab.Write("b.yaml", $"version: 1\nname: {name}\nnetworks: {{ net{name}: {{ mode: bridge }} }}\n"), "--yes").ExitCode);
        Reboot();
        var ended = Weft("kill -TERM $PPID; kill -TERM $$", ["apply", "--boot", .. json ? (string[])["--json"] : []]);
        Assert.Equal(3, ended.ExitCode);
        Assert.DoesNotContain("wb-", _lab.OnHost("ls /sys/class/net"), StringComparison.Ordinal);
        if (json) Assert.Equal(["WEFT0002", "WEFT4007", "WEFT4007"], CliLab.Document(ended).GetProperty("diagnostics").EnumerateArray().Where(d => d.GetProperty("severity").GetString() == "error").Select(d => d.GetProperty("code").GetString()));
        else Assert.Matches(@"weft: interrupted by SIGTERM\neverything was taken back: the host is as before\nerror WEFT4007: project b was not begun: interrupted by SIGTERM\n[^\n]*\nerror WEFT4007: project c was not begun", ended.Errors);
    }

    // Links and processes are gone.
    private void Reboot()
    {
        foreach (var guard in NetnsProcesses.Of(Host)) guard.Kill();
        foreach (var link in new[] { "wb-dev", "wb-netb", "wb-netc" }) _lab.OnHost($"ip link delete {link}");
    }

    private string Host => _lab.Where.Split(' ')[1];

    private Ended Weft(string dnsmasq, params string[] arguments)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_lab.State, "bin")).FullName;
        File.WriteAllText($"{folder}/dnsmasq", $"#!/bin/sh\n{dnsmasq}\n");
        File.SetUnixFileMode($"{folder}/dnsmasq", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return _lab.Weft(arguments, "", ("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}"));
    }
}
