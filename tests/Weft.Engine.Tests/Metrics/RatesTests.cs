using Weft.Engine.Metrics;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Engine.Tests.Metrics;

public sealed class RatesTests
{
    private static MetricsSnapshot At(LinkStatistics? link, ulong? spoofed = null) => new(DateTimeOffset.UnixEpoch)
    {
        Networks = [new("lab", "dev", "nat", "wb-dev", "up", 1, 1, 0, link)],
        Ports = [new("lab", "dev", "app1", "wt-1", "up", link, spoofed is { } n ? new(n, 0) : null)],
    };

    [Fact]
    public void Bytes_become_bits_a_second_and_refused_frames_are_drops()
    {
        var rates = Rates.Between(At(new(10, 20, 1000, 2000, 0, 0, 1, 1), 5), At(new(30, 20, 3000, 2500, 0, 0, 2, 3), 15), TimeSpan.FromSeconds(2));
        Assert.Equal(new Rate("lab", "dev", "app1", "wt-1", "up", 8000, 2000, 10, 6.5), Assert.Single(rates.Ports));
        Assert.Equal(new Rate("lab", "dev", "", "wb-dev", "up", 8000, 2000, 10, 1.5), Assert.Single(rates.Networks));
    }

    [Fact]
    public void A_counter_that_began_anew_gives_what_it_counted_since() =>
        Assert.Equal(800, Rates.Between(At(new(0, 0, 5000, 0, 0, 0, 0, 0)), At(new(0, 0, 100, 0, 0, 0, 0, 0)), TimeSpan.FromSeconds(1)).Ports[0].Receive);

    [Fact]
    public void What_came_or_is_missing_has_no_rate()
    {
        Assert.Equal(0, Rates.Between(At(null), At(new(1, 1, 1, 1, 0, 0, 0, 0)), TimeSpan.FromSeconds(1)).Ports[0].Bits);
        Assert.Equal(0, Rates.Between(new(DateTimeOffset.UnixEpoch), At(null), TimeSpan.FromSeconds(1)).Ports[0].Bits);
    }
}
