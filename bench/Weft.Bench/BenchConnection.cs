using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench;

/// <summary>One client of weftd: a connection that stays open.</summary>
internal sealed class BenchConnection(Socket socket) : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];

    /// <summary>One request; the answer must be good.</summary>
    internal void Ask(string method, string path, string body = "")
    {
        socket.Send(Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        var have = 0;
        int head;
        while ((head = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0) have += Receive(have);
        var text = Encoding.ASCII.GetString(_buffer, 0, head);
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(_buffer, 0, have)}");
        var length = int.Parse(text.Split("\r\n").First(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))[16..], CultureInfo.InvariantCulture);
        if (_buffer.Length < head + 4 + length) Array.Resize(ref _buffer, head + 4 + length);
        while (have < head + 4 + length) have += Receive(have);
    }

    public void Dispose() => socket.Dispose();

    private int Receive(int at)
    {
        if (at == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        return socket.Receive(_buffer.AsSpan(at)) is > 0 and var n ? n : throw new IOException("weftd closed the connection");
    }
}
