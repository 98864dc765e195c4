using System.Diagnostics;
using System.Net;
using Weft.Linux.Libc;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;
using Weft.Tests;

namespace Weft.Linux.Tests.Packet;

/// <summary>Two namespaces with a wire between them: near0 here, far0 over there.</summary>
public sealed class ProbeTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(60), _short = TimeSpan.FromMilliseconds(150);
    private readonly TestNamespace _near = new(), _far = new();

    public ProbeTests()
    {
        _near.Ip("link", "add", "near0", "address", "02:00:00:00:00:01", "type", "veth", "peer", "name", "far0", "address", "02:00:00:00:00:02", "netns", _far.Name);
        _near.Ip("link", "set", "near0", "up");
        _far.Ip("link", "set", "far0", "up");
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private static IPAddress Ip(string text) => IPAddress.Parse(text);

    private T OnNear<T>(Func<LinkInfo, T> probe) => _near.Run(() =>
    {
        using var route = new RouteSocket();
        return probe(route.Link("near0")!);
    });

    [Fact]
    public void A_hundred_addresses_cost_the_time_of_one()
    {
        foreach (var i in new[] { 7, 42, 99 }) _far.Ip("address", "add", $"192.0.2.{i}/24", "dev", "far0");
        var clock = Stopwatch.StartNew();
        var used = OnNear(l => ArpProbe.InUse(l, [.. Enumerable.Range(1, 100).Select(i => Ip($"192.0.2.{i}"))], TimeSpan.FromSeconds(1)));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 50); // one after the other they would take a hundred
        Assert.Equal(["192.0.2.42", "192.0.2.7", "192.0.2.99"], used.Keys.Select(a => a.ToString()).Order());
        Assert.All(used.Values, m => Assert.Equal("02:00:00:00:00:02", m.ToString()));
    }

    [Fact]
    public void The_answer_ends_the_wait_and_a_probe_leaves_no_trace()
    {
        _far.Ip("address", "add", "192.0.2.1/24", "dev", "far0");
        var clock = Stopwatch.StartNew();
        Assert.Equal("02:00:00:00:00:02", OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.1"), _long)).ToString());
        Assert.True(clock.Elapsed < _long / 2);
        Assert.Equal("", _far.Ip("neighbour", "show", "dev", "far0").Trim());
        Assert.Null(OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.2"), _short)));
    }

    [Fact]
    public void A_request_with_a_sender_is_an_ordinary_one()
    {
        _far.Ip("address", "add", "192.0.2.1/24", "dev", "far0");
        Assert.NotNull(OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.1"), _long, sender: Ip("192.0.2.9"))));
        Assert.StartsWith("192.0.2.9 lladdr 02:00:00:00:00:01", _far.Ip("neighbour", "show", "dev", "far0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_probes_for_the_same_address_at_the_same_time_has_a_claim_but_does_not_live_there()
    {
        using var over = new Prober(_far, "far0", ArpPacket.RequestFrame(MacAddress.Parse("02:00:00:00:00:02"), IPAddress.Any, Ip("192.0.2.5")), PacketSocket.ETH_P_ARP);
        Assert.Single(OnNear(l => ArpProbe.InUse(l, [Ip("192.0.2.5")], _long)));
        Assert.Null(OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.5"), _short)));
    }

    [Theory]
    [InlineData("fe80::99")]
    [InlineData("2001:db8::7")]
    public void Addresses_of_version_6_are_found_also_without_IPv6_here(string address)
    {
        _far.Ip("-6", "address", "add", $"{address}/64", "dev", "far0", "nodad");
        _near.Run(() => Sysctl.Write("net/ipv6/conf/near0/disable_ipv6", "1"));
        var used = OnNear(l => NdProbe.InUse(l, [.. Enumerable.Range(1, 50).Select(i => Ip($"2001:db8:1::{i}")), Ip(address)], TimeSpan.FromSeconds(1)));
        Assert.Equal([Ip(address)], used.Keys);
        Assert.Equal("02:00:00:00:00:02", used[Ip(address)].ToString());
    }

    [Fact]
    public void A_gateway_of_version_6_answers_the_address_that_asks()
    {
        _far.Ip("-6", "address", "add", "fe80::99/64", "dev", "far0", "nodad");
        _near.Ip("-6", "address", "add", "fe80::11/64", "dev", "near0", "nodad");
        var clock = Stopwatch.StartNew();
        Assert.Equal("02:00:00:00:00:02", OnNear(l => NdProbe.Ask(l, IPAddress.Parse("fe80::99%3"), _long, Ip("fe80::11"))).ToString());
        Assert.True(clock.Elapsed < _long / 2);
        Assert.Null(OnNear(l => NdProbe.Ask(l, Ip("fe80::98"), _short)));
    }

    [Fact]
    public void Who_detects_duplicates_of_the_same_address_at_the_same_time_has_a_claim()
    {
        using var over = new Prober(_far, "far0", NdPacket.SolicitationFrame(MacAddress.Parse("02:00:00:00:00:02"), IPAddress.IPv6Any, Ip("2001:db8::5")), PacketSocket.ETH_P_IPV6);
        Assert.Single(OnNear(l => NdProbe.InUse(l, [Ip("2001:db8::5")], _long)));
    }

    [Fact]
    public void The_hosts_own_address_gives_no_answer()
    {
        _near.Ip("address", "add", "192.0.2.1/24", "dev", "near0");
        Assert.Null(OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.1"), _short)));
    }

    [Fact]
    public void A_link_that_is_down_is_said_to_be()
    {
        _near.Ip("link", "set", "near0", "down");
        var e = Assert.Throws<LinuxException>(() => OnNear(l => ArpProbe.Ask(l, Ip("192.0.2.1"), _short)));
        Assert.Contains("near0: Network is down", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_the_other_family_are_no_questions()
    {
        Assert.Throws<ArgumentException>(() => OnNear(l => ArpProbe.Ask(l, Ip("::1"), _short)));
        Assert.Throws<ArgumentException>(() => OnNear(l => NdProbe.Ask(l, Ip("192.0.2.1"), _short)));
        Assert.Empty(OnNear(l => ArpProbe.InUse(l, [], _long)));
    }

    /// <summary>Answers every frame of a kind with one of its own.</summary>
    private sealed class Prober : IDisposable
    {
        private readonly PacketSocket _socket;
        private readonly Thread _thread;
        private volatile bool _ended;

        public Prober(TestNamespace ns, string link, byte[] frame, ushort type)
        {
            _socket = ns.Run(() =>
            {
                using var route = new RouteSocket();
                return new PacketSocket(route.Link(link)!, type, PacketFilter.Untagged);
            });
            _thread = new Thread(() => Answer(frame));
            _thread.Start();
        }

        private void Answer(byte[] frame)
        {
            var buffer = new byte[2048];
            while (!_ended)
                if (_socket.Receive(buffer, TimeSpan.FromMilliseconds(20)) >= 0) _socket.Send(frame);
        }

        public void Dispose()
        {
            _ended = true;
            _thread.Join();
            _socket.Dispose();
        }
    }
}
