using Weft.Core.Model;
using Xunit;

namespace Weft.Core.Tests.Model;

public class LinkTagTests
{
    [Theory]
    [InlineData("weft:lab:dev", "lab", "dev", null)]
    [InlineData("weft:lab:dev:web1", "lab", "dev", "web1")]
    [InlineData("weft:*:dev", "*", "dev", null)]
    public void Reads_and_writes(string alias, string owner, string network, string? machine)
    {
        Assert.True(LinkTag.TryParse(alias, out var tag));
        Assert.Equal(new LinkTag(owner, network, machine), tag);
        Assert.Equal(alias, tag.ToString());
    }

    [Fact]
    public void A_hypervisors_link_is_told_from_a_tap()
    {
        Assert.True(LinkTag.TryParse("weft:lab:dev:web1:guest", out var tag));
        Assert.Equal(new LinkTag("lab", "dev", "web1", Guest: true), tag);
        Assert.Equal("weft:lab:dev:web1:guest", tag.ToString());
        Assert.True(LinkTag.TryParse("weft:lab:dev:guest", out var tap) && !tap.Guest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("weft")]
    [InlineData("weft:lab")]
    [InlineData("weft::dev")]
    [InlineData("weft:lab:")]
    [InlineData("weft:lab:dev:")]
    [InlineData("weft:lab:dev:web1:more")]
    [InlineData("Weft:lab:dev")]
    [InlineData(" weft:lab:dev")]
    [InlineData("uplink to weft:lab:dev")]
    public void Another_alias_is_not_wefts(string? alias) => Assert.False(LinkTag.TryParse(alias, out _));
}
