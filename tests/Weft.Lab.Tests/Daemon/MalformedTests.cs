using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>Requests that are none, or too much of one: refused or cut off, while others are served and the memory stays what it is.</summary>
public sealed class MalformedTests
{
    // Several times what the daemon has at rest, a fraction of what is thrown at it.
    private const long MostMemory = 600L << 20;
    private static readonly byte[] Deep = Encoding.ASCII.GetBytes(new string('[', 200_000));

    private static readonly (string Name, byte[] Request)[] Malformed =
    [
        ("no request line", "GARBAGE\r\n\r\n"u8.ToArray()), ("no target", "GET\r\n\r\n"u8.ToArray()), ("no version", "GET /v1/version\r\n\r\n"u8.ToArray()),
        ("another version", "GET /v1/version HTTP/9.9\r\nHost: x\r\n\r\n"u8.ToArray()), ("zero bytes", new byte[300]), ("a zero in the target", "GET /v1/\0 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray()),
        ("no host", "GET /v1/version HTTP/1.1\r\n\r\n"u8.ToArray()), ("two hosts", "GET /v1/version HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"u8.ToArray()),
        ("a long target", Line($"GET /v1/{new string('a', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n")), ("a long header", Line($"GET /v1/version HTTP/1.1\r\nHost: x\r\nX: {new string('a', 1_000_000)}\r\n\r\n")),
        ("many headers", Line($"GET /v1/version HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 5000).Select(i => $"X{i}: y\r\n"))}\r\n")),
        ("a header without a colon", "GET /v1/version HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n"u8.ToArray()), ("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. new byte[200]]),
        ("a length below zero", Post("Content-Length: -1", [])), ("a length that is none", Post("Content-Length: many", [])), ("two lengths", Post("Content-Length: 1\r\nContent-Length: 2", "xx"u8)),
        ("a length of ten gigabytes", Post("Content-Length: 10000000000", [])), ("a chunk that is none", Post("Transfer-Encoding: chunked", "ZZZ\r\nx\r\n"u8)),
        ("a chunk below zero", Post("Transfer-Encoding: chunked", "-5\r\nx\r\n"u8)), ("a chunk larger than numbers", Post("Transfer-Encoding: chunked", "fffffffffffffffff\r\nx\r\n"u8)),
        ("an unknown coding", Post("Transfer-Encoding: gzip, nonsense", "x"u8)), ("a body that is no text", Post("Content-Length: 4", [0xff, 0xfe, 0xc0, 0x80])),
        ("a deep document", Post($"Content-Length: {Deep.Length}", Deep)), ("a deep object of a port", Post($"Content-Length: {Deep.Length}", Deep, "/v1/ports")),
        ("a port that is no text", Post("Content-Length: 6", [(byte)'{', (byte)'"', 0xff, 0xc0, (byte)'"', (byte)'}'], "/v1/ports")),
        ("half a character", Post("Content-Length: 37", """{"machine":"\ud800","network":"dev"}  """u8[..37], "/v1/ports")), ("a null for a port", Post("Content-Length: 4", "null"u8, "/v1/ports")),
        ("dots", Get("/v1/projects/%2e%2e/%2e%2e/%2e%2e/etc/passwd")), ("slashes", Get("/v1/projects/..%2f..%2f..%2fetc%2fpasswd")), ("dots twice encoded", Get("/v1/projects/%252e%252e%252fpasswd")),
        ("plain dots", Get("/v1/projects/../../../etc/passwd")), ("a zero encoded", Get("/v1/projects/a%00b")), ("bytes that are no text", Get("/v1/projects/%ff%c0%ae")), ("half an encoding", Get("/v1/projects/%2")),
        ("a long name", Get($"/v1/projects/{new string('a', 7000)}")), ("a long query", Get($"/v1/history?project={new string('b', 7000)}")), ("a number too large", Get("/v1/history?limit=99999999999999999999999")),
        ("a parameter twice", Get("/v1/history?limit=1&limit=2")),
    ];

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Get(string target) => Line($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    private static byte[] Post(string headers, ReadOnlySpan<byte> body, string target = "/v1/plan") => [.. Line($"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n\r\n"), .. body];

    [Fact]
    public async Task Malformed_requests_are_refused_and_slow_ones_cut_off_while_others_are_served()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        var slow = Enumerable.Range(0, 100).Select(i => Slow(lab.Socket, i)).ToList();
        foreach (var (name, request) in Malformed)
        {
            var answer = await Exchange(lab.Socket, request);
            Assert.True(answer.Length == 0 || Status(answer) is >= 400 and < 500 or 505, $"{name}: {answer}");
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        }
        Assert.Equal(413, Status(await Endless(lab.Socket)));
        Assert.Equal(1, (await lab.Get("/v1/networks")).GetProperty("networks").GetArrayLength());
        foreach (var ended in await Task.WhenAll(slow)) Assert.True(ended.Length == 0 || Status(ended) == 408, ended);
        Assert.True((await lab.Get("/v1/version")).TryGetProperty("version", out _));
        Assert.Equal(0, Assert.Single((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray()).GetProperty("changes").GetInt32());
        Assert.InRange(MemoryOf(lab.ProcessId), 1, MostMemory);
    }

    private static int Status(string answer) => answer.Split(' ') is [_, { Length: 3 } status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0;

    // What it had at most (proc_pid_status(5)).
    private static long MemoryOf(int process) => 1024 * long.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static async Task<Socket> Connect(string path)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return client;
    }

    // Ends its own side, so that the daemon waits for nothing more.
    private static async Task<string> Exchange(string path, byte[] request)
    {
        using var client = await Connect(path);
        await Send(client, request);
        if (client.Connected) Try(() => client.Shutdown(SocketShutdown.Send));
        return await Read(client);
    }

    // Half a request, and then nothing; every other one has its headers, and a byte of its body.
    private static async Task<string> Slow(string path, int number)
    {
        using var client = await Connect(path);
        await Send(client, number % 2 == 0 ? "GET /v1/version HTTP/1.1\r\nHo"u8.ToArray() : "POST /v1/plan HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nv"u8.ToArray());
        return await Read(client);
    }

    private static async Task<string> Endless(string path)
    {
        using var client = await Connect(path);
        var answer = Read(client);
        await Send(client, Post("Transfer-Encoding: chunked", []));
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
        for (var i = 0; i < 16_000 && !answer.IsCompleted; i++) // a gigabyte
            if (!await Send(client, chunk)) break;
        return await answer;
    }

    // The daemon may have closed the connection already.
    private static async Task<bool> Send(Socket client, byte[] bytes)
    {
        try
        {
            await client.SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (SocketException) // it is closed already
        {
        }
    }

    // Until it is closed, which the daemon does after half a minute at the latest; a machine that is busy may take longer.
    private static async Task<string> Read(Socket client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var (all, part) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await client.ReceiveAsync(part, patience.Token) is > 0 and var n) all.Append(Encoding.Latin1.GetString(part, 0, n));
        }
        catch (SocketException) // cut off
        {
        }
        return all.ToString();
    }
}
