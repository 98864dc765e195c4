using System.Diagnostics;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>apply --confirm as a person uses it: with the program itself, and its guard.</summary>
public sealed class ConfirmTests : IDisposable
{
    private const string Project = "version: 1\nname: lab\nnetworks: { office: { mode: bridge, uplink: eth1 } }\n";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60); // as long as a loaded machine may need; nothing waits that long when it works
    private readonly EngineLab _lab = new();
    private readonly string _file;
    private readonly string _before;

    public ConfirmTests()
    {
        _file = Path.Combine(_lab.State, "lab.yaml");
        File.WriteAllText(_file, Project);
        _before = _lab.Picture();
    }

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void A_confirmed_change_stays()
    {
        Assert.Equal(0, Weft("apply", _file, "--yes", "--confirm", "60s").ExitCode);
        Assert.Contains("waits to be confirmed", Weft("show").Error, StringComparison.Ordinal);
        Assert.Equal(0, Weft("confirm").ExitCode);
        Assert.Contains("wb-office", _lab.OnHost("ip -br address"), StringComparison.Ordinal);
        Assert.Equal(1, Weft("confirm").ExitCode);
    }

    [Fact]
    public void A_change_that_nobody_confirms_is_taken_back_by_the_guard()
    {
        Assert.Equal(0, Weft("apply", _file, "--yes", "--confirm", "1s").ExitCode);
        GuardEnds();
        _lab.AssertIs(_before, "after the deadline");
        Assert.Contains("not confirmed in time", Weft("history").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_change_is_refused_while_one_waits_and_rollback_takes_it_back()
    {
        Assert.Equal(0, Weft("apply", _file, "--yes", "--confirm", "10m").ExitCode);
        var other = Weft("destroy", "lab", "--yes");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("waits to be confirmed", other.Error, StringComparison.Ordinal);
        Assert.Equal(0, Weft("rollback").ExitCode);
        GuardEnds();
        _lab.AssertIs(_before, "after rollback");
    }

    [Fact]
    public void A_confirmation_that_comes_too_late_takes_the_change_back_when_the_guard_is_gone()
    {
        Assert.Equal(0, Weft("apply", _file, "--yes", "--confirm", "3s").ExitCode);
        var due = DateTime.UtcNow + TimeSpan.FromSeconds(3);
        foreach (var guard in Guards()) guard.Kill();
        SpinWait.SpinUntil(() => DateTime.UtcNow > due);
        Assert.Equal(3, Weft("confirm").ExitCode);
        _lab.AssertIs(_before, "after a late confirmation");
    }

    [Fact]
    public void When_the_guard_is_killed_the_next_command_takes_the_change_back()
    {
        Assert.Equal(0, Weft("apply", _file, "--yes", "--confirm", "10m").ExitCode);
        foreach (var guard in Guards()) guard.Kill();
        GuardEnds();
        Assert.Contains("its guard is gone", Weft("plan", _file).Error, StringComparison.Ordinal);
        _lab.AssertIs(_before, "after the next command");
    }

    [Fact]
    public void When_the_command_is_killed_in_the_middle_the_guard_takes_the_change_back()
    {
        using var fault = Process.Start(new ProcessStartInfo(Runner, [_lab.Host, _lab.State, _lab.Root, "1", "apply", _file, Program]))!;
        fault.WaitForExit();
        Assert.Equal(137, fault.ExitCode);
        GuardEnds();
        _lab.AssertIs(_before, "after the guard");
        Assert.Contains("killed in the middle", Weft("history").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", "SIGINT")]
    [InlineData("TERM", "SIGTERM")]
    [InlineData("HUP", "SIGHUP")]
    public void A_change_that_is_interrupted_while_it_is_probed_is_taken_back_at_once(string signal, string name)
    {
        using var process = WeftProgram.Start("--netns", _lab.Host, "--state", _lab.State, "apply", _file, "--yes", "--confirm", "10m", "--probe", "tcp:192.0.2.99:1");
        var said = Until(process.StandardError, "probing ..."); // in its third round
        _lab.OnHost($"kill -{signal} {process.Id}");
        var ended = WeftProgram.Finish(process);
        Assert.Matches(@"^probing \.+\nweft: ", said + ended.Errors);
        Assert.Equal(3, ended.ExitCode);
        Assert.Contains($"weft: interrupted by {name}\neverything was taken back: the host is as before\n", ended.Errors, StringComparison.Ordinal);
        GuardEnds();
        _lab.AssertIs(_before, $"after {name}");
    }

    [Fact]
    public void When_the_terminal_is_gone_that_was_to_confirm_the_guard_takes_the_change_back()
    {
        using var terminal = Process.Start(new ProcessStartInfo("script", ["-qec", $"{Program} --netns {_lab.Host} --state {_lab.State} apply {_file} --yes --confirm 3s", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Until(terminal.StandardOutput, "Can you read this?");
        terminal.Kill();
        GuardEnds();
        _lab.AssertIs(_before, "after the hang-up");
        Assert.Contains("not confirmed in time", Weft("history").Output, StringComparison.Ordinal);
    }

    private static string Until(StreamReader stream, string end)
    {
        var text = new System.Text.StringBuilder();
        while (stream.Read() is var c and >= 0 && !text.Append((char)c).ToString().EndsWith(end, StringComparison.Ordinal)) { }
        return text.ToString();
    }

    private static string Program => WeftProgram.Path;

    private static string Runner => RepoFiles.Path("artifacts", "bin", "Weft.FaultRunner", "debug", "Weft.FaultRunner");

    private void GuardEnds()
    {
        foreach (var guard in Guards()) Assert.True(guard.WaitForExit(Soon), "the guard did not end");
    }

    private List<Process> Guards() => [.. global::Weft.Tests.NetnsProcesses.Of(_lab.Host).Where(p => File.ReadAllText($"/proc/{p.Id}/cmdline").Contains("\0guard\0", StringComparison.Ordinal))];

    private (int ExitCode, string Output, string Error) Weft(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, ["--netns", _lab.Host, "--state", _lab.State, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
