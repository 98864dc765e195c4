using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>Command lines that make no sense: a line says which word, and how the verb's help is asked for.</summary>
public sealed class LineTests
{
    [Theory]
    [InlineData("shwo", "weft has no verb shwo (did you mean show?)")]
    [InlineData("port ad", "port has no verb ad (did you mean add?)")]
    [InlineData("plan --jsno", "plan has no option --jsno (did you mean --json?)")]
    [InlineData("plan a.yaml --nets x", "--nets")]
    [InlineData("validate -q", "validate has no option -q")]
    [InlineData("plan a.yaml b.yaml", "one word too many: b.yaml")]
    [InlineData("show nothing", "networks")]
    [InlineData("apply a.yaml --confirm 5x", "--confirm 5x: a time is a number with s, m or h")]
    [InlineData("apply a.yaml --confirm", "--confirm")]
    [InlineData("apply a.yaml --confirm 0s", "--confirm 0s")]
    [InlineData("history --limit 0", "--limit is a number of 1 or more")]
    [InlineData("history --limit many", "--limit is a number of 1 or more")]
    [InlineData("rollback -3", "-3")]
    [InlineData("rollback first", "a revision is a number")]
    [InlineData("port add dev", "--name")]
    [InlineData("destroy", "project")]
    [InlineData("completion tcsh", "fish")]
    [InlineData("--netns", "--netns")]
    public void A_line_that_cannot_be_read(string line, string said)
    {
        var ended = WeftProgram.Run(line.Split(' '));
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
        Assert.InRange(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 2, 3);
        Assert.EndsWith("--help says more", ended.Errors.TrimEnd(), StringComparison.Ordinal);
        var document = CliLab.Document(WeftProgram.Run(["--json", .. line.Split(' ')]));
        Assert.All(document.GetProperty("diagnostics").EnumerateArray(), d => Assert.Equal("WEFT0003", d.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("nonesuch", "No such file or directory")]
    [InlineData("../etc/passwd", "cannot be the name of a network namespace")]
    [InlineData("", "cannot be the name of a network namespace")]
    public void A_namespace_that_is_not_there(string name, string said)
    {
        var ended = WeftProgram.Run("--netns", name, "show");
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("weft: ", ended.Errors, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null", "a file of that name is in its place")]
    [InlineData("/proc/nothing", "make the state directory /proc/nothing")]
    [InlineData("", "--state: name a directory")]
    public void A_state_directory_that_cannot_be(string folder, string said)
    {
        var ended = WeftProgram.Run("--state", folder, "confirm");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_the_state_directory_is_told_by_who_looks() =>
        Assert.Contains("the state directory /dev/null: a file of that name is in its place", WeftProgram.Run("--state", "/dev/null", "show").Errors, StringComparison.Ordinal);

    [Fact]
    public void A_damaged_database_is_named_and_left_alone()
    {
        using var lab = new CliLab();
        var database = lab.Write("weft.db", new string('x', 5000));
        var ended = lab.Weft("show");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"weft: WEFT4031: the database {database}: SQLite Error 26: 'file is not a database'; there is no copy of it ", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(database));
    }

    [Fact]
    public void The_version_is_a_line_or_a_document()
    {
        var version = WeftProgram.Succeed("--version").Trim();
        Assert.Matches(@"^\d+\.\d+\.\d+", version);
        Assert.Equal(version, CliLab.Document(WeftProgram.Run("--version", "--json")).GetProperty("version").GetString());
    }

    [Fact]
    public void The_schema_is_the_same_alone_and_in_a_document()
    {
        using var alone = JsonDocument.Parse(WeftProgram.Succeed("schema"));
        Assert.True(JsonElement.DeepEquals(alone.RootElement, CliLab.Document(WeftProgram.Run("schema", "--json")).GetProperty("schema")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("port")]
    [InlineData("sandbox")]
    public void A_verb_that_is_missing_is_answered_with_the_list(string line)
    {
        var ended = WeftProgram.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Commands:", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(":files", ended.Output, StringComparison.Ordinal);
    }
}
