using System.Runtime.InteropServices;
using CsCheck;
using Weft.Linux.Libc;
using Weft.Linux.Route;
using Weft.Tests;

namespace Weft.Linux.Tests.Route;

public class RouteWatchTests
{
    private const RouteGroups Everything = RouteGroups.Links | RouteGroups.Addresses | RouteGroups.Routes | RouteGroups.Settings;

    [Fact]
    public void Links_addresses_routes_and_settings_are_told()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var watch = new RouteWatch(Everything);
            ns.Ip("link", "add", "br0", "index", "50", "type", "bridge");
            ns.Ip("link", "set", "br0", "alias", "weft:lab:dev", "mtu", "1400", "up");
            var links = Told(watch).Where(n => n is { Kind: RouteNoticeKind.Link, LinkIndex: 50 }).ToList();
            Assert.Equal(("br0", "weft:lab:dev", 1400, true), (links[^1].Link!.Name, links[^1].Link!.Alias, links[^1].Link!.Mtu, links[^1].Link!.IsUp));

            ns.Ip("address", "add", "10.0.0.1/24", "dev", "br0");
            ns.Ip("route", "add", "10.9.0.0/16", "dev", "br0", "proto", "87");
            ns.Ip("route", "delete", "10.9.0.0/16", "dev", "br0");
            ns.Ip("address", "delete", "10.0.0.1/24", "dev", "br0");
            var told = Told(watch);
            Assert.Equal([false, true], told.Where(n => n.Kind == RouteNoticeKind.Address && n.LinkIndex == 50).Select(n => n.Gone));
            Assert.Equal([false, true], told.Where(n => n is { Kind: RouteNoticeKind.Route, LinkIndex: 50, Protocol: 87 }).Select(n => n.Gone));

            ns.Exec("sysctl", "-qw", "net.ipv4.conf.br0.forwarding=1");
            Assert.Contains(Told(watch), n => n is { Kind: RouteNoticeKind.Setting, LinkIndex: 50 });
            ns.Exec("sysctl", "-qw", "net.ipv4.conf.all.forwarding=1");
            Assert.Contains(Told(watch), n => n is { Kind: RouteNoticeKind.Setting, LinkIndex: -1 });

            ns.Ip("link", "delete", "br0");
            Assert.Equal("weft:lab:dev", Assert.Single(Told(watch), n => n is { Kind: RouteNoticeKind.Link, Gone: true }).Link!.Alias);
        });
    }

    [Fact]
    public void Settings_of_a_port_are_told_and_its_static_entries_when_they_are_asked_for()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            ns.Ip("link", "add", "br0", "index", "50", "type", "bridge");
            ns.Ip("link", "add", "p0", "index", "51", "type", "veth", "peer", "name", "p1");
            ns.Ip("link", "set", "p0", "master", "br0");
            using var watch = new RouteWatch(Everything);
            ns.Exec("bridge", "link", "set", "dev", "p0", "isolated", "on");
            Assert.Contains(Told(watch), n => n is { Kind: RouteNoticeKind.Port, LinkIndex: 51, Port.Isolated: true });
            ns.Exec("bridge", "fdb", "add", "02:00:00:00:00:01", "dev", "p0", "master", "static");
            Assert.Empty(Told(watch));
            watch.WatchFdb();
            ns.Exec("bridge", "fdb", "delete", "02:00:00:00:00:01", "dev", "p0", "master");
            var entry = Assert.Single(Told(watch), n => n.Kind == RouteNoticeKind.Fdb);
            Assert.Equal((true, 50, NeighbourState.NoArp, "02:00:00:00:00:01"), (entry.Gone, entry.Fdb!.MasterIndex, entry.Fdb.State, entry.Fdb.Mac.ToString()));
        });
    }

    [Fact]
    public void What_is_too_much_to_be_kept_is_told_as_lost()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var watch = new RouteWatch(RouteGroups.Links, receiveBytes: 1);
            foreach (var n in Enumerable.Range(0, 20)) ns.Ip("link", "add", $"br{n}", "type", "bridge");
            Assert.False(watch.Read(_ => { }));
            ns.Ip("link", "delete", "br0");
            Assert.True(watch.Read(_ => { }));
        });
    }

    [Fact]
    public void A_change_ends_the_waiting()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var watch = new RouteWatch(RouteGroups.Links);
            Assert.False(watch.Wait(TimeSpan.FromMilliseconds(1)));
            ns.Ip("link", "add", "br0", "type", "bridge");
            Assert.True(watch.Wait(TimeSpan.FromSeconds(30)));
        });
    }

    private static readonly ushort[] Types = [16, 17, 20, 21, 24, 25, 28, 29, 80, 81];

    // Headers with a family that has attributes of lengths that make sense are come to by chance too seldom.
    private static readonly Gen<byte[]> Message = Gen.Select(Pick<byte>(0, 2, 7, 10), Gen.Byte.Array[15], Gen.Select(Gen.UShort[0, 60], Gen.Byte.Array[0, 24]).Array[0, 8], Gen.Int[0, 400],
        (family, header, attributes, cut) => ((byte[])[family, .. header, .. attributes.SelectMany(a => Attribute(a.Item1, a.Item2))]) is var all ? all[..Math.Min(cut, all.Length)] : []);

    [Fact]
    public void Random_notices_are_read_or_refused() => Gen.Select(Pick(Types), Message).Sample((type, bytes) =>
    {
        try
        {
            _ = RouteNoticeReader.Read(type, bytes);
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }, iter: 20_000);

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Attribute(ushort type, byte[] payload)
    {
        var bytes = new byte[4 + ((payload.Length + 3) & ~3)];
        MemoryMarshal.Write(bytes, (ushort)(4 + payload.Length));
        MemoryMarshal.Write(bytes.AsSpan(2), type);
        payload.CopyTo(bytes, 4);
        return bytes;
    }

    // The kernel tells before the command that made the change ends.
    private static List<RouteNotice> Told(RouteWatch watch)
    {
        var told = new List<RouteNotice>();
        Assert.True(watch.Read(told.Add));
        return told;
    }
}
