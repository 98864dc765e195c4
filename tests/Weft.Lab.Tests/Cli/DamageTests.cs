using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>State that is damaged, read-only or has no room left, as whoever runs the program sees it.</summary>
public sealed class DamageTests
{
    private const string Started = "version: 1\nname: lab\nnetworks:\n  dev: { mode: nat, subnets: [10.20.0.0/24] }\nmachines:\n  app1: dev\n";

    private static void Spoil(CliLab lab)
    {
        var bytes = File.ReadAllBytes(lab.Path("weft.db"));
        bytes.AsSpan(0, 4096).Clear();
        File.WriteAllBytes(lab.Path("weft.db"), bytes);
    }

    [Fact]
    public void A_damaged_database_is_restored_and_the_host_is_as_declared()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", Started);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        Assert.Equal(0, lab.Weft("port", "add", "dev", "--name", "web1").ExitCode);
        Spoil(lab);
        var diff = lab.Weft("diff", "--json");
        Assert.Equal(0, diff.ExitCode);
        Assert.Contains("WEFT4030: the database", diff.Errors, StringComparison.Ordinal);
        Assert.Equal(0, CliLab.Document(lab.Weft("diff", "--json")).GetProperty("projects")[0].GetProperty("changes").GetInt32());
        Assert.Contains("restore", lab.Weft("history").Output, StringComparison.Ordinal);
        Assert.Contains("web1", lab.Weft("show", "ports").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_older_copy_does_not_know_is_left_alone_until_the_file_was_applied_again()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", Started);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        var copy = File.ReadAllBytes(lab.Path("last-good.db"));
        Assert.Equal(0, lab.Weft("port", "add", "dev", "--name", "web1").ExitCode);
        File.WriteAllBytes(lab.Path("last-good.db"), copy);
        Spoil(lab);
        string Taps() => lab.OnHost("ip -br link show type tun");
        Assert.Contains("wt-", Taps(), StringComparison.Ordinal);
        var before = Taps();
        var first = lab.Weft("apply", file, "--yes");
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("WEFT4030", first.Errors, StringComparison.Ordinal);
        Assert.Matches("WEFT4033[^\n]*: (?!.*element weft)[^\n]*tap wt-[^\n]* [0-9]+ elements of policy", first.Errors);
        Assert.Equal(before.Split('\n').Length, Taps().Split('\n').Length);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        Assert.Equal(before.Split('\n').Length - 1, Taps().Split('\n').Length);
    }

    [Fact]
    public void What_a_port_has_that_an_older_copy_does_not_know_is_given_to_no_other()
    {
        using var lab = new CliLab();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", Started), "--yes").ExitCode);
        var copy = File.ReadAllBytes(lab.Path("last-good.db"));
        var lost = Add(lab, "web1");
        foreach (var file in Directory.EnumerateFiles(lab.State, "weft.db*")) File.Delete(file);
        File.WriteAllBytes(lab.Path("last-good.db"), copy);
        var next = Add(lab, "web2");
        Assert.Equal([], next.Intersect(lost));
        Assert.Equal(0, lab.Weft("port", "add", "dev", "--name", "web3").ExitCode);
        Assert.Equal(lost, Add(lab, "web1")); // it is alive, and asked for again
        Assert.Equal(4, lab.Weft("show", "ports", "--json") is var shown ? CliLab.Document(shown).GetProperty("ports").GetArrayLength() : 0);
        Assert.Equal(0, lab.Weft("diff").ExitCode);
    }

    // MAC and addresses.
    private static string[] Add(CliLab lab, string machine)
    {
        var port = CliLab.Document(lab.Weft("port", "add", "dev", "--name", machine, "--json")).GetProperty("port");
        return [port.GetProperty("mac").GetString()!, .. port.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()!)];
    }

    /// <summary>The file system is that of the command alone, and goes with it.</summary>
    [Fact]
    public void A_state_directory_that_cannot_be_written_refuses_an_apply_and_shows_what_there_is()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", Started);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        File.WriteAllText(file, Started + "  app2: dev\n");
        var before = lab.OnHost("ls /sys/class/net");
        var refused = Mounted(lab, "--bind -o ro \"$1\"", "apply", file, "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Read-only file system", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, lab.OnHost("ls /sys/class/net"));
        var shown = Mounted(lab, "--bind -o ro \"$1\"", "show", "networks");
        Assert.Equal((0, true), (shown.ExitCode, shown.Output.Contains("dev", StringComparison.Ordinal)));
        Spoil(lab);
        shown = Mounted(lab, "--bind -o ro \"$1\"", "show", "networks");
        Assert.Equal((0, true), (shown.ExitCode, shown.Output.Contains("dev", StringComparison.Ordinal)));
        Assert.Contains("WEFT4032", shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_directory_without_room_refuses_an_apply_and_leaves_the_host()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", Started);
        var before = lab.OnHost("ls /sys/class/net");
        foreach (var size in new[] { 4, 16, 64, 128 })
        {
            var refused = Small(lab, size, file);
            Assert.True(refused.ExitCode is 1 or 3, $"{size} KiB: {refused.ExitCode} {refused.Output}{refused.Errors}");
            Assert.Matches("No space left on device|disk is full|database or disk is full", refused.Errors + refused.Output);
            Assert.Equal(before, lab.OnHost("ls /sys/class/net"));
            Assert.DoesNotContain("table inet weft", lab.OnHost("nft list tables"), StringComparison.Ordinal);
        }
    }

    private static Ended Mounted(CliLab lab, string how, params string[] arguments) =>
        WeftProgram.RunProgram("unshare", ["-m", "sh", "-c", $"mount {how} \"$1\" && shift && exec \"$@\"", "sh", lab.State, WeftProgram.Path, "--netns", lab.Host, "--state", lab.State, .. arguments]);

    // The file is read from a place that stays.
    private static Ended Small(CliLab lab, int size, string file)
    {
        var outside = Path.Combine(Directory.CreateTempSubdirectory("weft-file-").FullName, "lab.yaml");
        File.Copy(file, outside);
        try
        {
            return Mounted(lab, $"-t tmpfs -o size={size}k none", "apply", outside, "--yes");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(outside)!, true);
        }
    }
}
