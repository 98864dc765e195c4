using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests;

/// <summary>What weft does when nobody takes what it prints.</summary>
public sealed class OutputTests
{
    [Fact]
    public void A_document_that_cannot_be_written_is_a_fault_in_one_line()
    {
        var ended = WeftProgram.RunProgram("sh", ["-c", "exec \"$0\" validate --json \"$1\" >/dev/full", WeftProgram.Path, RepoFiles.Path("examples", "first.yaml")]);
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("weft: ", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }
}
