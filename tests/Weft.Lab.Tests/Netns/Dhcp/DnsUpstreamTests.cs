using System.Net;
using System.Net.Sockets;
using Xunit;
using static Weft.Lab.Tests.Netns.Dhcp.DhcpLab;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>Names that are not Weft's: asked upstream for networks that have a way out, and for no other.</summary>
public sealed class DnsUpstreamTests
{
    [Fact]
    public void A_network_s_forwarders_are_asked_and_an_isolated_network_asks_nobody()
    {
        using var lab = new DhcpLab();
        using var upstream = new Upstream(lab, "192.0.2.99");
        lab.Bridge("dev", 1);
        lab.Bridge("iso", 2);
        var (web, run) = (Machine("dev", 1, 5, "web1"), Machine("iso", 2, 5, "run1"));
        lab.Create(Scope("dev", 1) with { Forwarders = [Upstream.Address] }, Scope("iso", 2) with { Router = false, Records = [new("db", IPAddress.Parse("198.51.100.7"))] }, web, run);
        var (outside, inside) = (lab.Attach("dev", web.Mac), lab.Attach("iso", run.Mac));
        Assert.Equal("10.20.1.5", DhcpClientRun.Udhcpc(outside)["ip"]);
        Assert.Equal("10.20.2.5", DhcpClientRun.Udhcpc(inside)["ip"]);
        outside.Ip("address", "add", "10.20.1.5/24", "dev", "eth0");
        inside.Ip("address", "add", "10.20.2.5/24", "dev", "eth0");
        Assert.Equal("192.0.2.99", DnsQuery.Ask(outside, "10.20.1.1", "www.example.com"));
        Assert.Equal("rcode 5", DnsQuery.Ask(inside, "10.20.2.1", "www.example.com"));
        Assert.Equal("10.20.2.5", DnsQuery.Ask(inside, "10.20.2.1", "run1.iso.weft"));
        Assert.Equal("198.51.100.7", DnsQuery.Ask(inside, "10.20.2.1", "db.iso.weft"));
        Assert.Equal("run1.iso.weft", DnsQuery.Reverse(inside, "10.20.2.1", "5.2.20.10.in-addr.arpa"));
        Assert.Equal("10.20.2.5", DnsQuery.Ask(lab.Host, "127.0.0.87", "run1.iso.weft"));
        Assert.Equal("rcode 3", DnsQuery.Ask(outside, "10.20.1.1", "nobody.dev.weft"));
        Assert.Equal(1, upstream.Questions);
    }

    [Fact]
    public void The_host_s_own_servers_are_asked_when_a_network_names_none()
    {
        using var lab = new DhcpLab();
        using var upstream = new Upstream(lab, "192.0.2.99");
        // dnsmasq's own address in it, as the host has it that asks for names of Weft's, is no loop.
        File.WriteAllText(lab.Paths.ResolvConf, $"nameserver 127.0.0.87\nnameserver {Upstream.Address}\n");
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1));
        Assert.Equal("192.0.2.99", DnsQuery.Ask(lab.Host, "127.0.0.87", "www.example.com"));
        Assert.Equal("192.0.2.99", DnsQuery.Ask(lab.Host, "10.20.1.1", "other.example.com"));
        Assert.Equal(2, upstream.Questions);
    }

    /// <summary>A server that has the same address for every name.</summary>
    private sealed class Upstream : IDisposable
    {
        internal static readonly IPAddress Address = IPAddress.Parse("127.0.0.99");
        private readonly Socket _socket;
        private readonly Thread _thread;
        private int _questions;

        internal Upstream(DhcpLab lab, string answer)
        {
            _socket = lab.Host.Run(() =>
            {
                var s = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                s.Bind(new IPEndPoint(Address, 53));
                return s;
            });
            _thread = new Thread(() => Serve(IPAddress.Parse(answer).GetAddressBytes()));
            _thread.Start();
        }

        internal int Questions => Volatile.Read(ref _questions);

        private void Serve(byte[] answer)
        {
            var buffer = new byte[1500];
            EndPoint client = new IPEndPoint(IPAddress.Any, 0);
            while (true)
            {
                int length;
                try
                {
                    length = _socket.ReceiveFrom(buffer, ref client);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return; // the test ends
                }
                if (length == 0) return;
                Interlocked.Increment(ref _questions);
                _socket.SendTo(Answer(buffer, answer), client);
            }
        }

        // The question as it came, without what follows it (EDNS), and one A record that points to its name.
        private static byte[] Answer(byte[] question, byte[] address)
        {
            var end = 12;
            while (question[end] != 0) end += question[end] + 1;
            byte[] head = [question[0], question[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
            return [.. head, .. question[12..(end + 5)], 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address];
        }

        public void Dispose()
        {
            _socket.Dispose();
            _thread.Join();
        }
    }
}
