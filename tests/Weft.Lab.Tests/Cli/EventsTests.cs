using System.Diagnostics;
using System.Text.Json;
using Weft.Linux.Libc;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>Who follows is told of what another command does, once, in order, and ends when asked to.</summary>
public sealed class EventsTests
{
    [Fact]
    public void Who_follows_hears_of_every_change_of_others()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        using var follower = WeftProgram.Start("--netns", lab.Host, "--state", lab.State, "events", "--follow", "--json");
        Assert.Equal(("history-1", "applied", "lab"), Next(follower)); // it watches before it looks: what comes now cannot be missed
        Assert.Equal(0, lab.Weft("port", "add", "dev", "--name", "web1").ExitCode);
        Assert.Equal(("history-2", "port-added", "lab"), Next(follower));
        Assert.Equal(0, lab.Weft("port", "rm", "web1").ExitCode);
        Assert.Equal(("history-3", "port-removed", "lab"), Next(follower));
        Assert.Equal(0, lab.Weft("destroy", "lab", "--yes").ExitCode);
        Assert.Equal(("history-4", "destroyed", "lab"), Next(follower));
        Signal.Terminate(follower.Id);
        var ended = WeftProgram.Finish(follower);
        Assert.Equal((0, "", ""), (ended.ExitCode, ended.Output, ended.Errors));
    }

    [Fact]
    public void Since_goes_on_where_a_reader_was()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        Assert.Equal(0, lab.Weft("port", "add", "dev", "--name", "web1").ExitCode);
        var after = CliLab.Document(lab.Weft("events", "--since", "history-1", "--json"));
        Assert.Equal("history-2", Assert.Single(after.GetProperty("events").EnumerateArray()).GetProperty("cursor").GetString());
        Assert.False(after.TryGetProperty("lost", out _));
        var other = CliLab.Document(lab.Weft("events", "--since", "daemon-7", "--json"));
        Assert.Equal(("unknown", 2), (other.GetProperty("lost").GetString(), other.GetProperty("events").GetArrayLength()));
    }

    private static (string?, string?, string?) Next(Process follower)
    {
        var line = follower.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.True(line.Wait(TimeSpan.FromMinutes(1)), "nothing was told"); // far more than it takes: the test then fails instead of hanging
        using var e = JsonDocument.Parse(line.Result!);
        return (e.RootElement.GetProperty("cursor").GetString(), e.RootElement.GetProperty("kind").GetString(), e.RootElement.GetProperty("project").GetString());
    }
}
