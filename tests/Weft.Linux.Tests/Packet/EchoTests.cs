using System.Diagnostics;
using System.Net;
using CsCheck;
using Weft.Linux.Packet;
using Weft.Tests;

namespace Weft.Linux.Tests.Packet;

public sealed class EchoTests : IDisposable
{
    private readonly TestNamespace _near = new(), _far = new();

    public EchoTests()
    {
        _near.Ip("link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", _far.Name);
        foreach (var (ns, link, last) in new[] { (_near, "near0", 1), (_far, "far0", 2) })
        {
            ns.Ip("link", "set", link, "up");
            ns.Ip("address", "add", $"192.0.2.{last}/24", "dev", link);
            ns.Ip("-6", "address", "add", $"2001:db8::{last}/64", "dev", link, "nodad");
        }
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private IReadOnlyDictionary<IPAddress, EchoResult> Ask(double seconds, params string[] targets) =>
        _near.Run(() => IcmpEcho.Ask([.. targets.Select(IPAddress.Parse)], TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Both_families_answer_at_once()
    {
        var clock = Stopwatch.StartNew();
        var results = Ask(60, "192.0.2.2", "2001:db8::2", "127.0.0.1");
        Assert.All(results.Values, r => Assert.Null(r.Reason));
        Assert.All(results.Values, r => Assert.True(r.RoundTrip < clock.Elapsed));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Each_target_that_does_not_answer_says_why()
    {
        _near.Ip("route", "add", "203.0.113.0/24", "via", "192.0.2.2");
        _near.Ip("-6", "route", "add", "2001:db8:9::/64", "via", "2001:db8::2");
        _far.Run(() =>
        {
            foreach (var path in new[] { "net/ipv4/conf/all/forwarding", "net/ipv6/conf/all/forwarding" }) Linux.Sysfs.Sysctl.Write(path, "1");
        });
        _far.Ip("route", "add", "prohibit", "203.0.113.0/24");
        _far.Ip("-6", "route", "add", "unreachable", "2001:db8:9::/64");
        _far.Exec("nft", "add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c ip saddr 192.0.2.1 ip daddr 192.0.2.3 drop");
        _far.Ip("address", "add", "192.0.2.3/24", "dev", "far0");
        var results = Ask(0.6, "198.51.100.1", "203.0.113.1", "2001:db8:9::1", "192.0.2.3", "192.0.2.2");
        Assert.Equal("Network is unreachable", results[IPAddress.Parse("198.51.100.1")].Reason);
        Assert.Equal("prohibited by a filter, says 192.0.2.2", results[IPAddress.Parse("203.0.113.1")].Reason);
        Assert.Equal("no route, says 2001:db8::2", results[IPAddress.Parse("2001:db8:9::1")].Reason);
        Assert.Equal("no answer", results[IPAddress.Parse("192.0.2.3")].Reason);
        Assert.Null(results[IPAddress.Parse("192.0.2.2")].Reason);
    }

    [Fact]
    public void Random_bytes_are_refused_without_an_exception() => Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 3]).Sample((bytes, kind) =>
    {
        if (kind > 0 && bytes.Length > 9) (bytes[0], bytes[9]) = ((byte)(0x40 | bytes[0] & 15), 1);
        if (kind > 1 && bytes.Length > 20) (bytes[0], bytes[20]) = (0x45, 3);
        var (four, six) = (EchoPacket.TryParse4(bytes, out var a), EchoPacket.TryParse6(bytes, out var b));
        return (!four || a is not null) && (!six || b is not null);
    });
}
