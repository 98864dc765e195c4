using Xunit;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Tests;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>Asks a DNS server one question by UDP (RFC 1035), from a namespace.</summary>
internal static class DnsQuery
{
    internal const int A = 1, Ptr = 12, Txt = 16, Aaaa = 28, Srv = 33;

    /// <summary>The addresses of a name, or the code of a refusal: "rcode 3". "timeout" when nothing comes within the time, "refused" when nobody listens.</summary>
    internal static string Ask(TestNamespace from, string server, string name, bool v6 = false, int timeoutMs = 2000) =>
        from.Run(() => Ask(IPAddress.Parse(server), name, v6 ? Aaaa : A, timeoutMs));

    internal static string Reverse(TestNamespace from, string server, string name) => from.Run(() => Ask(IPAddress.Parse(server), name, Ptr, 2000));

    internal static string Ask(IPAddress server, string name, int type, int timeoutMs)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = timeoutMs };
        socket.Connect(server, 53);
        socket.Send(Question(name, type));
        var answer = new byte[1500];
        try
        {
            return Parse(answer.AsSpan(0, socket.Receive(answer)));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.ConnectionRefused)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? "refused" : "timeout";
        }
    }

    private static byte[] Question(string name, int type)
    {
        var q = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.')) q.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        q.AddRange([0, 0, (byte)type, 0, 1]);
        return [.. q];
    }

    private static string Parse(ReadOnlySpan<byte> m)
    {
        if ((m[3] & 15) != 0) return $"rcode {m[3] & 15}";
        var found = new List<string>();
        var at = SkipName(m, 12) + 4;
        for (var i = 0; i < (m[6] << 8 | m[7]); i++)
        {
            at = SkipName(m, at);
            int type = m[at + 1], length = m[at + 8] << 8 | m[at + 9];
            if (type is A or Aaaa) found.Add(new IPAddress(m.Slice(at + 10, length)).ToString());
            if (type is Txt) found.Add(Encoding.ASCII.GetString(m.Slice(at + 11, m[at + 10])));
            if (type is Srv) found.Add($"{m[at + 10] << 8 | m[at + 11]} {m[at + 12] << 8 | m[at + 13]} {m[at + 14] << 8 | m[at + 15]} {Name(m, at + 16)}");
            if (type is Ptr) found.Add(Name(m, at + 10));
            at += 10 + length;
        }
        return found.Count == 0 ? "none" : string.Join(' ', found.Order(StringComparer.Ordinal));
    }

    private static int SkipName(ReadOnlySpan<byte> m, int at)
    {
        while (m[at] is > 0 and < 0xc0) at += m[at] + 1;
        return at + (m[at] == 0 ? 1 : 2);
    }

    private static string Name(ReadOnlySpan<byte> m, int at)
    {
        var labels = new List<string>();
        while (m[at] != 0)
        {
            if (m[at] >= 0xc0)
            {
                at = (m[at] & 0x3f) << 8 | m[at + 1];
                continue;
            }
            labels.Add(Encoding.ASCII.GetString(m.Slice(at + 1, m[at])));
            at += m[at] + 1;
        }
        return string.Join('.', labels);
    }
}
