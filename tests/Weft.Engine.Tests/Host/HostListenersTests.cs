using System.Net;
using CsCheck;
using Weft.Core.Model;
using Weft.Engine.Host;
using Xunit;

namespace Weft.Engine.Tests.Host;

/// <summary>The kernel's list of TCP sockets.</summary>
public sealed class HostListenersTests
{
    [Fact]
    public void Sockets_that_are_listened_on_are_found()
    {
        string[] lines =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            Line("00000000:0016", "0A"), Line(Hex(IPAddress.Parse("192.0.2.9")) + ":01BB", "0A"), Line(Hex(IPAddress.Parse("192.0.2.9")) + ":01BC", "01"),
            Line(Hex(IPAddress.IPv6Any) + ":0016", "0A"), Line(Hex(IPAddress.Parse("::ffff:192.0.2.1")) + ":0050", "0A"), Line(Hex(IPAddress.Parse("2001:db8::1")) + ":0050", "0A"),
        ];
        Assert.Equal(["0.0.0.0 22", "192.0.2.9 443", ":: 22", "192.0.2.1 80", "2001:db8::1 80"], HostListeners.Of(lines).Select(l => $"{l.Address} {l.Port}"));
    }

    [Fact]
    public void Any_text_is_read_or_passed_over() => Gen.String[0, 200].Array[0, 5].Sample(lines => HostListeners.Of(lines).Count() <= lines.Length);

    [Fact]
    public void This_hosts_are_read()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        Assert.Contains(new HostListener(IPAddress.Loopback, ((IPEndPoint)socket.LocalEndpoint).Port), HostListeners.Read());
    }

    private static string Line(string local, string state) => $"   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 1234 1 0000000000000000 100 0 0 10 0";

    private static string Hex(IPAddress address) => string.Concat(address.GetAddressBytes().Chunk(4).Select(w => $"{BitConverter.ToUInt32(w):X8}"));
}
