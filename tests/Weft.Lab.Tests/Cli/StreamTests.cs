using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>Standard streams that are full or closed: the exit code is right, and nothing that is printed gets into a file of weft's.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData("show nothing 2>/dev/full", 1, "")]
    [InlineData("shwo 2>/dev/full", 1, "")]
    [InlineData("--version >/dev/full", 1, "weft: write to standard output: No space left on device\n")]
    [InlineData("complete -- '' >/dev/full", 1, "weft: write to standard output: No space left on device\n")]
    [InlineData("schema >/dev/full", 1, "weft: write to standard output: No space left on device\n")]
    [InlineData("schema --json >/dev/full", 1, "weft: write to standard output: No space left on device\n")]
    [InlineData("shwo >&- 2>&-", 1, "")]
    [InlineData("schema <&- >&-", 0, "")]
    public void Nobody_reads(string line, int code, string errors) => Assert.Equal(new Ended(code, "", errors), Shell(line));

    [Fact]
    public void A_change_is_made_with_all_streams_closed()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        Assert.Equal(new Ended(0, "", ""), Shell($"{lab.Where} apply {file} --yes <&- >&- 2>&-"));
        Assert.Equal(0, lab.Weft("diff").ExitCode);
    }

    [Fact]
    public void A_reader_that_ends_early_does_not_keep_a_change_from_being_made()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        Assert.Equal(0, Shell($"{lab.Where} apply {file} --yes | true").ExitCode);
        Assert.Equal(0, lab.Weft("diff").ExitCode);
    }

    private static Ended Shell(string line) => WeftProgram.RunProgram("bash", ["-c", $"set -o pipefail; ulimit -c 0; {WeftProgram.Path} {line}"]);
}
