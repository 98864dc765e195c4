using CsCheck;
using Weft.Engine.Host.Managers;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class GlobTests
{
    [Theory]
    [InlineData("eth*", "eth0", true)]
    [InlineData("eth*", "eth", true)]
    [InlineData("eth?", "eth", false)]
    [InlineData("*", "", true)]
    [InlineData("en[ps]*", "enp3s0", true)]
    [InlineData("en[ps]*", "eno1", false)]
    [InlineData("eth[!0-3]", "eth4", true)]
    [InlineData("eth[!0-3]", "eth2", false)]
    [InlineData("a[]]b", "a]b", true)]
    [InlineData("a[b", "a[b", true)]
    [InlineData("*.*", "eth0.5", true)]
    public void Patterns_match_as_glob_7_says(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, text));

    [Fact]
    public void Any_pattern_ends() =>
        Gen.Select(Gen.String[Gen.Char["*?[]!-ab"], 0, 8], Gen.String[Gen.Char["ab]"], 0, 8])
            .Sample((pattern, text) => Glob.Matches("*" + text, text) && Glob.Matches(pattern, text) is var _);
}
