using Weft.Linux.Libc;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Weft.Tests;

namespace Weft.Linux.Tests.Tap;

public class TapDeviceTests
{
    [Fact]
    public void A_persistent_tap_stays_and_is_made_once()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            TapDevice.Create("tap0");
            var again = Assert.Throws<LinuxException>(() => TapDevice.Create("tap0"));
            Assert.Equal(Errno.EBUSY, again.Errno);
            Assert.Contains("tap0", again.Message, StringComparison.Ordinal);
            using var route = new RouteSocket();
            Assert.True(route.Link("tap0")!.Tun!.Persist);
            TapDevice.Delete("tap0");
            Assert.Null(route.Link("tap0"));
        });
    }

    [Fact]
    public void Frames_cross_a_bridge_between_two_taps()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            TapDevice.Create("a", index: 11);
            TapDevice.Create("b", index: 12);
            using var route = new RouteSocket();
            var up = new LinkSettings { Master = 10, Up = true, AddrGenMode = AddrGenMode.None };
            route.Execute(new RouteBatch()
                .NewBridge("br", 10, new LinkSettings { Up = true, AddrGenMode = AddrGenMode.None }).SetLink(11, up).SetLink(12, up));
            using var a = TapDevice.Open("a");
            using var b = TapDevice.Open("b");
            byte[] frame = [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, .. new byte[46]];
            Assert.True(SpinWait.SpinUntil(() => Crosses(frame, a, b), TimeSpan.FromSeconds(30)));
        });
    }

    // The bridge hears of a port's carrier a little later, and sends reports of its own.
    private static bool Crosses(byte[] frame, TapDevice from, TapDevice to)
    {
        from.Write(frame);
        var received = new byte[100];
        for (int length; (length = to.Read(received, 100)) > 0;)
            if (received.AsSpan(0, length).SequenceEqual(frame)) return true;
        return false;
    }

    [Fact]
    public void Reading_ends_when_the_time_is_up()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var tap = TapDevice.Open("quiet");
            Assert.Equal(-1, tap.Read(new byte[100], 10));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-name-too-long-")]
    public void A_name_that_no_link_can_have_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => TapDevice.Create(name));
}
