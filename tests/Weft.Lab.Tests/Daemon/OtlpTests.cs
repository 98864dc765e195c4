using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>What the daemon sends to a collector of OpenTelemetry.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string Secret = "s3cret";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1); // of a busy machine; the interval is a second
    private readonly string _file = Path.GetTempFileName();
    private readonly int _port = FreePort();

    public OtlpTests() => File.WriteAllText(_file, $"otlp: {{ endpoint: \"http://127.0.0.1:{_port}\", headers: api-key={Secret}, interval: 1, gzip: true }}\n");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_collector_gets_the_figures_of_the_host_and_one_that_fails_is_told_of_without_its_key()
    {
        using var lab = await new DaemonLab("--config", _file).Up();
        using var events = await EventReader.Listen(lab, "?after=start");
        Assert.Contains($"127.0.0.1:{_port}/v1/metrics", (await events.Next("error", "export metrics")).GetProperty("message").GetString(), StringComparison.Ordinal); // nobody listens

        await lab.Post("/v1/apply", DaemonLab.Project);
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{_port}/" } };
        collector.Start();
        var (request, body) = await Received(collector, HttpStatusCode.OK, b => b.Contains("weft.network.up", StringComparison.Ordinal));
        Assert.Equal(("POST", "/v1/metrics", "application/x-protobuf", Secret), (request.HttpMethod, request.Url?.AbsolutePath, request.ContentType, request.Headers["api-key"]));
        foreach (var text in (string[])["service.name", "weft.build.info", "weft.port.up", "app1", "wb-dev"]) Assert.Contains(text, body, StringComparison.Ordinal);

        await Received(collector, HttpStatusCode.ServiceUnavailable, _ => true);
        await events.Next("error", "503");
        using var all = await lab.Client.GetAsync("/v1/events?after=start&follow=false");
        Assert.DoesNotContain(Secret, await all.Content.ReadAsStringAsync() + lab.Errors, StringComparison.Ordinal);
    }

    // The texts in a request lie in it as they are.
    private static async Task<(HttpListenerRequest Request, string Body)> Received(HttpListener collector, HttpStatusCode answer, Func<string, bool> wanted)
    {
        while (true)
        {
            var context = await collector.GetContextAsync().WaitAsync(Patience);
            using var unpacked = new GZipStream(context.Request.InputStream, CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            context.Response.StatusCode = (int)answer;
            context.Response.Close();
            if (wanted(body)) return (context.Request, body);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
