using System.Net;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>What the daemon does when its state is damaged, or has no room left, while it runs.</summary>
public sealed class StateFaultTests
{
    private static readonly string s_more = DaemonLab.Project + "  app2: dev\n";

    private static async Task<string?> Newest(DaemonLab lab) => (await lab.Get("/v1/history")).GetProperty("revisions")[0].GetProperty("verb").GetString();

    private static void Spoil(string file)
    {
        if (!File.Exists(file)) return;
        var bytes = new byte[new FileInfo(file).Length];
        new Random(3).NextBytes(bytes);
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, bytes, 0);
    }

    [Fact]
    public async Task A_database_that_is_damaged_under_the_daemon_is_restored_and_told()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        foreach (var name in new[] { "weft.db", "weft.db-wal" }) Spoil(Path.Combine(lab.State, name));
        Assert.Equal(1, (await lab.Get("/v1/networks")).GetProperty("networks").GetArrayLength());
        while (await Newest(lab) != "restore") await Task.Delay(20, TestContext.Current.CancellationToken); // who looks while another restores is shown the copy
        Assert.Equal(0, Assert.Single((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());
        await lab.Post("/v1/apply", s_more);
        Assert.Equal(2, (await lab.Get("/v1/ports")).GetProperty("ports").GetArrayLength());
        Assert.Equal(0, await lab.Stop());
        Assert.Contains("weftd: WEFT4030: the database", lab.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_refuses_changes_and_shows_what_there_is()
    {
        using var lab = await new DaemonLab { Room = 4096 }.Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        var before = lab.Host.OnHost("ls /sys/class/net");
        Assert.NotEqual(0, lab.InDaemon("dd if=/dev/zero of=\"$1/fill\" bs=4k 2>/dev/null").ExitCode);
        var refused = await lab.Client.PostAsync("/v1/apply", new StringContent(s_more));
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Matches("No space left on device|disk is full", await refused.Content.ReadAsStringAsync());
        Assert.Equal(before, lab.Host.OnHost("ls /sys/class/net"));
        foreach (var path in new[] { "/v1/networks", "/v1/ports", "/v1/history", "/v1/projects", "/v1/version" }) await lab.Get(path);
        Assert.Equal(0, lab.InDaemon("rm \"$1/fill\"").ExitCode);
        await lab.Post("/v1/apply", s_more);
        Assert.Equal(0, Assert.Single((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());
    }
}
