using Weft.Core.Policy;
using Weft.Core.Resources;
using Xunit;

namespace Weft.Core.Tests.Policy;

public class NftSkeletonTests
{
    public static TheoryData<NftTableResource> Tables => [NftSkeleton.Inet, NftSkeleton.Bridge, NftSkeleton.SynProxy];

    [Theory, MemberData(nameof(Tables))]
    public void The_hash_has_a_place_in_the_table(NftTableResource table)
    {
        Assert.Contains($"\tset {NftTableResource.VersionSet} {{ type mark; }}\n", table.Text, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{16}$", table.Hash);
        Assert.Equal(table.Text.Count(c => c == '{'), table.Text.Count(c => c == '}'));
    }

    [Fact]
    public void No_template_mark_is_left_in_the_text() => Assert.DoesNotMatch("#|IP |LOOPBACK", NftSkeleton.Inet.Text);

    [Fact]
    public void Every_set_has_a_schema_and_no_interval_set_has_one_field()
    {
        Assert.All(NftSchema.All, s => Assert.Same(s, NftSchema.Of(s.Table, s.Set)));
        Assert.All(NftSchema.All.Where(s => s.Interval), s => Assert.True(s.KeyTypes.Length > 1, s.Set));
    }

    [Fact]
    public void An_element_is_written_as_nft_reads_it()
    {
        var e = new NftElementResource("lab", "dev", InetSets.Table, InetSets.Pairs, ["wb-dev", "eth0"], ["goto tracked"]);
        Assert.Equal("add element inet weft pairs { \"wb-dev\" . \"eth0\" comment \"lab/dev\" : goto tracked }", NftElementText.Add(e));
        Assert.Equal("delete element inet weft pairs { \"wb-dev\" . \"eth0\" }", NftElementText.Delete(e));
    }

    [Theory, InlineData(1, 1), InlineData(3, 5), InlineData(10, 10), InlineData(11, 20), InlineData(99999, 10000)]
    public void A_limit_is_rounded_up_to_a_class(int wish, int limit) => Assert.Equal(limit, LimitClasses.For(wish));
}
