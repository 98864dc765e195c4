using System.Text.RegularExpressions;
using Weft.Core.Policy;
using Xunit;

namespace Weft.Core.Tests.Policy;

public sealed partial class NftSkeletonTests
{
    [Fact]
    public void Schema_has_every_declared_set_and_no_other()
    {
        var declared = Declared("inet weft", NftSkeleton.Inet.Text).Concat(Declared("bridge weft", NftSkeleton.Bridge.Text)).Order().ToArray();
        var known = NftSchema.All.Select(s => $"{s.Table} {s.Set} {Types(s.KeyTypes)}:{Data(s)} {s.Interval} {s.Counter}").Order().ToArray();
        Assert.Equal(known, declared);
        Assert.True(known.Length > 20);
    }

    [Fact]
    public void Hash_changes_with_the_text_and_stands_in_the_comment() =>
        Assert.Contains($"comment \"{NftSkeleton.Inet.Hash}\"", NftSkeleton.Inet.Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1), InlineData(3, 5), InlineData(30, 50), InlineData(10000, 10000), InlineData(99999, 10000)]
    public void Limits_are_rounded_up_to_a_step(int limit, int step) => Assert.Equal(step, NftSkeleton.Step(limit));

    [Fact]
    public void Every_step_has_its_chains()
    {
        foreach (var n in NftSkeleton.LimitSteps)
            foreach (var chain in new[] { $"rate_{n}_4", $"rate_{n}_6", $"count_{n}_4", $"count_{n}_6" })
                Assert.Contains($"chain {chain} {{", NftSkeleton.Inet.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Declared(string table, string text) => Set().Matches(text)
        .Where(m => !m.Groups[4].Value.Contains("dynamic", StringComparison.Ordinal))
        .Select(m => $"{table} {m.Groups[2].Value} {m.Groups[3].Value.Replace(" : ", ":", StringComparison.Ordinal)}{(m.Groups[3].Value.Contains(" : ", StringComparison.Ordinal) ? "" : ":")} " +
            $"{m.Groups[4].Value.Contains("flags interval", StringComparison.Ordinal)} {m.Groups[4].Value.Contains("counter", StringComparison.Ordinal)}");

    private static string Types(IEnumerable<string> types) => string.Join(" . ", types);

    private static string Data(Weft.Core.Resources.NftSetSchema s) =>
        s.DataTypes is [var a, var b] && a == b ? $"interval {a}" : Types(s.DataTypes);

    [GeneratedRegex(@"^\t(set|map) (\w+) \{ type ([^;]*);(.*)\}", RegexOptions.Multiline)]
    private static partial Regex Set();
}
