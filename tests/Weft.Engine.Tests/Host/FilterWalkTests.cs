using System.Text.Json;
using CsCheck;
using Weft.Engine.Host.Filters;
using Xunit;

namespace Weft.Engine.Tests.Host;

/// <summary>Rules that are odd, or not what libnftables writes, are followed without a fault.</summary>
public sealed class FilterWalkTests
{
    private static readonly Dictionary<string, string> s_packet = new() { ["iifname"] = "wb-dev", ["l4proto"] = "udp", ["dport"] = "53" };

    private static readonly Gen<string> s_value = Gen.OneOf([.. new[] { "null", "1", "\"wb-dev\"", "\"iifname\"", "\"@s\"", "\"c\"", "{}", "[]", "[1,[2]]", "{\"meta\":{\"key\":\"iifname\"}}", "{\"set\":[\"wb-*\",[1,2]]}", "{\"range\":[1,70]}", "{\"target\":\"c\"}" }.Select(Gen.Const)]);
    private static readonly Gen<string> s_word = Gen.OneOf([.. new[] { "match", "vmap", "left", "right", "op", "key", "data", "set", "accept", "drop", "jump", "goto", "return", "xt", "target", "meta" }.Select(Gen.Const)]);
    private static readonly Gen<string> s_object = Gen.Select(s_word, s_value).Array[0, 4].Select(m => "{" + string.Join(',', m.DistinctBy(x => x.Item1).Select(x => $"\"{x.Item1}\":{x.Item2}")) + "}");
    private static readonly Gen<string> s_statement = Gen.OneOf(s_object, s_value, Gen.Select(s_word, s_object).Select(x => $"{{\"{x.Item1}\":{x.Item2}}}"));

    [Fact]
    public void Whatever_the_statements_are() => s_statement.Array[0, 8].Sample(statements =>
        Enum.IsDefined(new FilterWalk($"{{\"nftables\":[{{\"rule\":{{\"chain\":\"c\",\"expr\":[{string.Join(',', statements)}]}}}}]}}").Of("c", s_packet)));

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("[{\"nftables\":1}]")]
    [InlineData("{\"nftables\":[1,{\"rule\":{\"chain\":[],\"expr\":{}}}]}")]
    public void Another_document_has_no_rules(string json) => Assert.Equal(Fate.Undecided, new FilterWalk(json).Of("c", s_packet));

    [Fact]
    public void What_is_no_document_is_refused() => Assert.ThrowsAny<JsonException>(() => new FilterWalk("table ip filter {"));
}
