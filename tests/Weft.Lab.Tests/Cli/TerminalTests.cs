using System.Diagnostics;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>The question of --confirm on a terminal (script(1) gives one): the command that asks must keep nobody from acting.</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData("", "2m", 0, "kept", "committed")]
    [InlineData("no", "2m", 3, "answered no", "undone")]
    [InlineData(null, "2s", 3, "", "undone")] // the answer does not come; its time may end before the question is there
    public async Task An_answer_keeps_the_change_or_takes_it_back(string? answer, string time, int exitCode, string said, string result)
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        var command = $"{WeftProgram.Path} {lab.Where} apply {file} --yes --confirm {time}";
        using var terminal = Process.Start(new ProcessStartInfo("script", ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (answer is not null) terminal.StandardInput.WriteLine(answer); // typed ahead; the input stays open, as a person's does
        terminal.StandardInput.Flush();
        Assert.True(terminal.WaitForExit(60_000), "it hangs");
        Assert.True(terminal.ExitCode == exitCode, $"{terminal.ExitCode}: {await output}");
        Assert.Contains(said, await output, StringComparison.Ordinal);
        var revision = CliLab.Document(lab.Weft("history", "--json")).GetProperty("revisions")[0];
        Assert.Equal(result, revision.GetProperty("result").GetString());
        Assert.Equal(result == "committed", lab.OnHost("ls /sys/class/net").Contains("wb-dev", StringComparison.Ordinal));
    }
}
