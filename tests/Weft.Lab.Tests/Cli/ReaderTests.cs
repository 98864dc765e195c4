using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>Verbs that only look: they make nothing, need nothing to write, and take what is tried for what is declared.</summary>
public sealed class ReaderTests : IDisposable
{
    private readonly CliLab _lab = new();
    private readonly string _file;

    public ReaderTests() => _file = _lab.Write("lab.yaml", CliLab.Project);

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Where_there_is_no_state_directory_none_is_made()
    {
        var state = Path.Combine(_lab.State, "none");
        foreach (var (code, line) in new[] { (0, "show"), (0, "show leases"), (0, "diff"), (2, $"plan {_file}"), (0, "history"), (0, $"validate {_file}"), (1, "port show app1"), (1, "history lab"), (0, "complete -- destroy ") })
            Assert.Equal((line, code), (line, WeftProgram.Run(["--netns", _lab.Where.Split(' ')[1], "--state", state, .. line.Split(' ')]).ExitCode));
        Assert.False(Directory.Exists(state));
        Assert.False(Directory.Exists(Engine.EnginePaths.Of(null, state).Run));
    }

    [Fact]
    public void What_plan_shows_without_a_database_is_what_apply_gives()
    {
        string Macs(params string[] line) => string.Join(' ', CliLab.Document(_lab.Weft(line)).GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("kind").GetString() == "tap").Select(s => s.GetProperty("after").GetRawText()));
        var planned = Macs("plan", _file, "--json");
        Assert.NotEmpty(planned);
        Assert.Equal(planned, Macs("apply", _file, "--yes", "--json"));
    }

    [Fact]
    public void A_state_directory_that_is_mounted_read_only_can_be_looked_at()
    {
        Assert.Equal(0, _lab.Weft("apply", _file, "--yes").ExitCode);
        foreach (var line in new[] { "show", "diff", $"plan {_file}", "history" })
        {
            var ended = WeftProgram.RunProgram("unshare", ["-m", "sh", "-ec", $"mount --bind {_lab.State} {_lab.State}; mount -o remount,ro,bind {_lab.State}; exec {WeftProgram.Path} {_lab.Where} {line}"]);
            Assert.True(ended.ExitCode == 0, $"{line}: {ended.Output}{ended.Errors}");
            Assert.Contains("lab", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_ordinary_user_reads_the_history_of_a_copy_and_is_told_in_a_line_why_not_of_the_database()
    {
        Assert.Equal(0, _lab.Weft("apply", _file, "--yes").ExitCode);
        File.SetUnixFileMode(_lab.State, (UnixFileMode)0b111_101_101);
        var copy = Directory.CreateDirectory(Path.Combine(_lab.State, "copy"), (UnixFileMode)0b111_101_101).FullName;
        File.Copy(Path.Combine(_lab.State, "weft.db"), Path.Combine(copy, "weft.db"));
        File.SetUnixFileMode(Path.Combine(copy, "weft.db"), (UnixFileMode)0b110_100_100);
        var read = AsNobody("--state", copy, "history");
        Assert.Equal((0, ""), (read.ExitCode, read.Errors));
        Assert.Contains("committed", read.Output, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(copy, "weft.db")], Directory.EnumerateFileSystemEntries(copy));
        OneLine(AsNobody("--state", _lab.State, "history"), $"weft: read the database {_lab.State}/weft.db: permission denied: run it with sudo");
    }

    [Theory]
    [InlineData("plan FILE")]
    [InlineData("apply FILE --yes")]
    [InlineData("show")]
    [InlineData("diff")]
    [InlineData("port show app1")]
    public void An_ordinary_user_is_told_in_a_line_what_is_lacking(string line)
    {
        OneLine(AsNobody(line.Replace("FILE", _file, StringComparison.Ordinal).Split(' ')), "weft: this needs root or CAP_NET_ADMIN: run it with sudo");
        Assert.Equal("WEFT0001", Assert.Single(CliLab.Document(AsNobody([.. line.Split(' '), "--json"])).GetProperty("diagnostics").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public void With_sudo_the_history_has_the_one_who_asked()
    {
        Assert.Equal(0, _lab.Weft(["apply", _file, "--yes"], "", ("SUDO_USER", "joe")).ExitCode);
        Assert.Matches(@"lab +apply \S+lab.yaml +joe +committed", _lab.Weft("history").Output);
    }

    [Fact]
    public void While_a_change_waits_it_is_what_is_declared()
    {
        Assert.Equal(0, _lab.Weft("apply", _file, "--yes", "--confirm", "10m").ExitCode);
        foreach (var line in new[] { "show", "show addresses", "diff", "diff lab", $"plan {_file}", "port show app1" })
        {
            var ended = _lab.Weft(line.Split(' '));
            Assert.True(ended.ExitCode == 0, $"{line}: {ended.Output}{ended.Errors}");
            Assert.Matches(@"^(waiting for [^\n]*\n)?as it is tried: the apply of project lab waits to be confirmed until \d\d:\d\d:\d\d UTC\n", ended.Errors);
            Assert.Matches("app1|nothing to do", ended.Output);
            Assert.True(CliLab.Document(_lab.Weft([.. line.Split(' '), "--json"])).GetProperty("open").GetProperty("deadline").TryGetDateTimeOffset(out _));
        }
        _lab.OnHost("ip link set wb-dev mtu 1400");
        Assert.Equal(2, _lab.Weft("diff").ExitCode);
        _lab.OnHost("ip link set wb-dev mtu 1500");
        Assert.Equal(0, _lab.Weft("rollback").ExitCode);
        Assert.DoesNotContain("app1", _lab.Weft("show").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_destroy_waits_nothing_is_declared()
    {
        Assert.Equal(0, _lab.Weft("apply", _file, "--yes").ExitCode);
        Assert.Equal(0, _lab.Weft("destroy", "lab", "--yes", "--confirm", "10m").ExitCode);
        Assert.Equal(0, CliLab.Document(_lab.Weft("show", "networks", "--json")).GetProperty("networks").GetArrayLength());
        var diff = _lab.Weft("diff");
        Assert.Equal((0, "nothing has been applied yet\n"), (diff.ExitCode, diff.Output));
        Assert.Equal(0, _lab.Weft("rollback").ExitCode);
        Assert.Equal(0, _lab.Weft("diff", "lab").ExitCode);
        Assert.Equal(JsonValueKind.Null, CliLab.Document(_lab.Weft("show", "--json")).GetProperty("open").ValueKind);
    }

    private static void OneLine(Ended ended, string line) => Assert.Equal((1, "", line + "\n"), (ended.ExitCode, ended.Output, ended.Errors));

    private static Ended AsNobody(params string[] arguments) => WeftProgram.RunProgram("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", WeftProgram.Path, .. arguments]);
}
