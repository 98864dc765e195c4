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
            using var a = TapDevice.Open("a"); // before it is up, so that it has a carrier when the bridge looks
            using var b = TapDevice.Open("b");
            using var route = new RouteSocket();
            var up = new LinkSettings { Master = 10, Up = true, AddrGenMode = AddrGenMode.None };
            route.Execute(new RouteBatch()
                .NewBridge("br", 10, new LinkSettings { Up = true, AddrGenMode = AddrGenMode.None }).SetLink(11, up).SetLink(12, up));
            byte[] frame = [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, .. new byte[46]];
            a.Write(frame);
            var received = new byte[100];
            int length; // the bridge itself sends, too: multicast listener reports
            do length = b.Read(received, 10_000);
            while (length > 0 && !received.AsSpan(12, 2).SequenceEqual(frame.AsSpan(12, 2)));
            Assert.Equal(frame, received[..length]);
        });
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
