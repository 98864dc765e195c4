using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>The stream of events, its many listeners, and the figures.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task What_happens_is_told_and_a_listener_goes_on_where_it_was()
    {
        using var lab = await new DaemonLab().Up();
        using var first = await EventReader.Listen(lab);
        await lab.Post("/v1/apply?file=lab.yaml", DaemonLab.Project);
        var applied = await first.Next("applied");
        Assert.Equal("lab", applied.GetProperty("project").GetString());
        Assert.Equal("root", applied.GetProperty("user").GetString());
        Assert.Equal(1, applied.GetProperty("revision").GetInt64());
        await lab.Post("/v1/ports", """{"machine":"web1","network":"dev"}""");
        using var second = await EventReader.Listen(lab, lastEventId: applied.GetProperty("cursor").GetString());
        var added = await second.Next("port-added");
        Assert.Equal(("dev", "web1"), (added.GetProperty("network").GetString(), added.GetProperty("object").GetString()));
        Assert.Contains("port add web1 on dev by root", added.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"what\":\"port add web1 on dev\"", File.ReadLines(Path.Combine(lab.State, "audit.jsonl")).Last(), StringComparison.Ordinal);
        using var third = await EventReader.Listen(lab, "?after=start");
        await third.Next("daemon", "serves on");
        await third.Next("audit", "POST /v1/apply");
        Assert.Equal(applied.GetProperty("cursor").GetString(), (await EventOf(lab, "?project=lab&after=start", "applied")).GetProperty("cursor").GetString());
        await DaemonLab.Document(await lab.Client.GetAsync("/v1/events?after=nonsense"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_a_command_beside_the_daemon_does_is_told_too()
    {
        using var lab = await new DaemonLab().Up();
        using var events = await EventReader.Listen(lab);
        var file = Path.Combine(lab.Host.State, "lab.yaml");
        File.WriteAllText(file, DaemonLab.Project);
        WeftProgram.Succeed("--netns", lab.Host.Host, "--state", lab.State, "apply", file, "--yes");
        Assert.Equal("lab", (await events.Next("applied")).GetProperty("project").GetString());
    }

    /// <summary>After a restart the log is another one; who comes with a cursor of the old one gets all that is kept, and is told so.</summary>
    [Fact]
    public async Task The_end_of_the_daemon_ends_its_streams_at_once_and_old_cursors_are_known_as_such()
    {
        using var lab = await new DaemonLab().Up();
        using var events = await EventReader.Listen(lab, "?after=start");
        var cursor = (await events.Next("daemon", "serves on")).GetProperty("cursor").GetString();
        Assert.Equal(0, await lab.Stop());
        await Assert.ThrowsAsync<EndOfStreamException>(() => events.Next("none"));
        await lab.Up();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(lab.Socket));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: {cursor}\r\n\r\n"));
        var text = await Read(socket, "serves on");
        Assert.Contains("event: lost\ndata: {\"lost\":null}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_listeners_each_hear_of_a_change()
    {
        using var lab = await new DaemonLab().Up();
        var listeners = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++) listeners.Add(await EventReader.Raw(lab));
            await lab.Post("/v1/apply", DaemonLab.Project);
            foreach (var l in listeners) Assert.Contains("\"revision\":1", await Read(l, "event: applied"), StringComparison.Ordinal);
            Assert.True((await lab.Get("/v1/version")).TryGetProperty("version", out _));
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }

    /// <summary>Who never reads is cut off, and costs no more memory than its buffers; who reads gets everything.</summary>
    [Fact]
    public async Task Listeners_that_never_read_are_cut_off_and_the_others_go_on()
    {
        const int deaf = 100, told = 4000;
        using var lab = await new DaemonLab().Up();
        var listeners = new List<Socket>();
        try
        {
            for (var i = 0; i < deaf; i++) listeners.Add(await EventReader.Raw(lab));
            using var hears = await EventReader.Listen(lab);
            var before = lab.ResidentBytes;
            var last = hears.Next("audit", $"n={told}");
            await Parallel.ForEachAsync(Enumerable.Range(0, told), new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (i, stop) => (await lab.Client.PostAsync($"/v1/confirm?n={i}&{new string('x', 150)}", new StringContent(""), stop)).Dispose());
            (await lab.Client.PostAsync($"/v1/confirm?n={told}", new StringContent(""))).Dispose();
            await last;
            // Each may hold what the output buffer takes and one view of the log; all else is shared.
            Assert.True(lab.ResidentBytes - before < deaf * 400L * 1024 + 64 * 1024 * 1024, $"{before} -> {lab.ResidentBytes} bytes");
            foreach (var l in listeners) await AwaitEnd(l);
            await lab.Get("/v1/version");
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }

    [Fact]
    public async Task The_figures_are_served_in_the_format_that_is_asked_for()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        var answer = await lab.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("weft_network_up{project=\"lab\",network=\"dev\",mode=\"nat\",bridge=\"wb-dev\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("weft_changes_total{project=\"lab\",verb=\"apply\",result=\"committed\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("weft_events_total{kind=\"daemon\",severity=\"info\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("weft_source_up{source=\"links\"} 0", text, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept", "application/openmetrics-text; version=1.0.0" } } };
        Assert.EndsWith("# EOF\n", await (await lab.Client.SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<System.Text.Json.JsonElement> EventOf(DaemonLab lab, string query, string kind)
    {
        using var reader = await EventReader.Listen(lab, query);
        return await reader.Next(kind);
    }

    // Reads until the text has come, and what comes with it.
    private static async Task<string> Read(Socket socket, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var all = new StringBuilder();
        var buffer = new byte[4096];
        while (!all.ToString().Contains(text, StringComparison.Ordinal) || all[^1] != '\n')
        {
            var n = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.True(n > 0, $"cut off after: {all}");
            all.Append(Encoding.UTF8.GetString(buffer, 0, n));
        }
        return all.ToString();
    }

    // Reading would make room for the daemon; writing to a socket whose other end is closed fails.
    private static async Task AwaitEnd(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (IsTaken(socket)) await Task.Delay(100, patience.Token); // nothing tells of it
    }

    private static bool IsTaken(Socket socket)
    {
        try
        {
            return socket.Send("\r\n"u8) > 0;
        }
        catch (SocketException e)
        {
            Assert.Contains(e.SocketErrorCode, (SocketError[])[SocketError.Shutdown, SocketError.ConnectionReset, SocketError.ConnectionAborted]);
            return false;
        }
    }
}
