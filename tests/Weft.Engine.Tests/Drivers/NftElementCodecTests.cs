using CsCheck;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Xunit;

namespace Weft.Engine.Tests.Drivers;

public class NftElementCodecTests
{
    public static TheoryData<string, string> Sets => [.. NftSchema.All.Select(s => (s.Table, s.Set))];

    [Theory, MemberData(nameof(Sets))]
    public void An_element_comes_back_as_it_went(string table, string set)
    {
        var schema = NftSchema.Of(table, set);
        NftElementGen.Of(schema).Sample(e => Assert.Equal(e, NftElementCodec.FromKernel(schema, NftElementCodec.ToKernel(e))), iter: 500);
    }

    [Fact]
    public void A_key_names_its_set_and_its_fields() =>
        NftElementGen.Any.Sample(e =>
        {
            Assert.Equal((e.Table, e.Set), NftNames.SetOf(e.Key));
            Assert.Equal(e.Fields, NftNames.FieldsOf(e.Key));
        });

    [Fact]
    public void Every_range_of_an_interval_set_has_an_end_even_of_one_value()
    {
        var e = NftElementCodec.ToKernel(new NftElementResource("lab", "dev", InetSets.Table, InetSets.RoutedAllow(true), ["wb-dev", "192.0.2.7"], []));
        Assert.Equal(e.Key, e.KeyEnd);
    }

    [Fact]
    public void An_element_without_a_comment_of_ours_has_no_owner()
    {
        var schema = NftSchema.Of(InetSets.Table, InetSets.Nets);
        var ours = NftElementCodec.ToKernel(new NftElementResource("lab", "dev", InetSets.Table, InetSets.Nets, ["wb-dev"], []));
        Assert.Equal("", NftElementCodec.FromKernel(schema, ours with { Comment = null }).Owner);
        Assert.Equal("", NftElementCodec.FromKernel(schema, ours with { Comment = "by hand" }).Owner);
        Assert.Equal(Resource.Shared, NftElementCodec.FromKernel(schema, ours with { Comment = "*/" }).Owner);
    }
}
