using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Weft.Engine.Tests.Metrics;

/// <summary>A collector on the loopback link that answers every request alike.</summary>
internal sealed class FakeCollector : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<(string Head, byte[] Body)> _requests = Channel.CreateUnbounded<(string, byte[])>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    internal FakeCollector(string status, byte[] body)
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = Task.Run(() => Serve(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), body));
    }

    internal string Address { get; }

    /// <summary>The next request, its body as it was before it was compressed.</summary>
    internal ValueTask<(string Head, byte[] Body)> RequestAsync(CancellationToken stop) => _requests.Reader.ReadAsync(stop);

    public void Dispose()
    {
        _stop.Cancel();
        _serving.Wait();
        _listener.Stop();
    }

    private async Task Serve(byte[] head, byte[] body)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                await _requests.Writer.WriteAsync(Read(stream));
                await stream.WriteAsync(head.Concat(body).ToArray());
            }
        }
        catch (OperationCanceledException)
        {
            // it was stopped
        }
    }

    private static (string, byte[]) Read(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)stream.ReadByte());
        string Header(string name) => head.ToString().Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..] ?? "";
        var body = new byte[int.Parse(Header("Content-Length"), CultureInfo.InvariantCulture)];
        stream.ReadExactly(body);
        if (Header("Content-Encoding") != "gzip") return (head.ToString(), body);
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress)) gzip.CopyTo(plain);
        return (head.ToString(), plain.ToArray());
    }
}
