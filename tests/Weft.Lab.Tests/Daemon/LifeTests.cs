using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>The daemon's end, by whatever means, and what its clients do to it.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task Stopping_and_killing_leave_the_networks_and_the_next_start_goes_on()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        Assert.Equal(0, await lab.Stop());
        Assert.False(File.Exists(lab.Socket));
        Assert.Contains("wb-dev", lab.Host.OnHost("ip -br link"), StringComparison.Ordinal);
        await lab.Up();
        await lab.Kill();
        await lab.Up(); // the socket's file was left behind
        Assert.Equal(1, (await lab.Get("/v1/networks")).GetProperty("networks").GetArrayLength());
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_socket_says_so()
    {
        using var lab = await new DaemonLab().Up();
        var second = WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "--socket", lab.Socket]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another weftd does so already", second.Errors, StringComparison.Ordinal);
        await lab.Get("/v1/version");
    }

    [Theory]
    [InlineData("no such namespace", "--netns", "weft-there-is-none")]
    [InlineData("no name of a namespace", "--netns", "a/b")]
    [InlineData("no directory", "--socket", "/weft-there-is-none/s")]
    [InlineData("too long", "--socket", "/tmp/a-path-that-is-longer-than-the-kernel-takes-for-a-unix-socket-a-path-that-is-longer-than-the-kernel-takes-for-one")]
    public void What_keeps_it_from_starting_is_one_line(string what, string option, string value)
    {
        using var lab = new DaemonLab();
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, option, value]);
        Assert.Equal(1, ended.ExitCode);
        var line = Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(line.StartsWith("weftd: ", StringComparison.Ordinal) && line.Contains(value, StringComparison.Ordinal) && !line.Contains("Parameter", StringComparison.Ordinal), $"{what}: {line}");
    }

    /// <summary>The change ends although nobody waits for it any more.</summary>
    [Fact]
    public async Task A_client_that_dies_during_an_apply_leaves_no_half_of_it()
    {
        using var lab = await new DaemonLab().Up();
        using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(lab.Socket));
            await client.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/apply HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: {DaemonLab.Project.Length}\r\n\r\n{DaemonLab.Project}"));
            var (said, buffer) = ("", new byte[4096]);
            while (!said.Contains("event: plan", StringComparison.Ordinal)) // the apply has begun
                said += Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(buffer) is > 0 and var n ? n : throw new EndOfStreamException(said));
        }
        var diff = await lab.Get("/v1/diff"); // waits for its turn
        Assert.Equal(0, Assert.Single(diff.GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());
        Assert.Equal("committed", (await lab.Get("/v1/history")).GetProperty("revisions")[0].GetProperty("result").GetString());
        var audit = (await lab.Get("/v1/audit")).EnumerateArray().Single(a => a.GetProperty("target").GetString() == "/v1/apply");
        Assert.Equal(("committed", 1), (audit.GetProperty("outcome").GetString(), audit.GetProperty("revision").GetInt64()));
    }

    [Fact]
    public async Task Rubbish_on_the_socket_is_answered_or_cut_off_and_others_are_served()
    {
        using var lab = await new DaemonLab().Up();
        var random = new Random(7);
        foreach (var n in Enumerable.Range(0, 200))
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(lab.Socket));
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            await client.SendAsync(n % 2 == 0 ? bytes : [.. "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n"u8, .. bytes.AsSpan(0, Math.Min(20, bytes.Length))]);
        }
        Assert.True((await lab.Get("/v1/version")).TryGetProperty("version", out _));
    }
}
