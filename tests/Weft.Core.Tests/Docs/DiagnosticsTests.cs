using System.Text.RegularExpressions;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Docs;

/// <summary>docs/diagnostics.md explains what the program says: every code, once, and none that is gone.</summary>
public sealed partial class DiagnosticsTests
{
    private static readonly string[] _rows = [.. File.ReadLines(RepoFiles.Path("docs", "diagnostics.md")).Where(l => Row().IsMatch(l))];

    [Fact]
    public void Every_code_of_the_program_is_explained_and_no_other() => Assert.Equal(Codes().Order(StringComparer.Ordinal), _rows.Select(Code).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_says_how_bad_it_is_what_it_means_and_what_to_do() =>
        Assert.All(_rows, r => Assert.Matches(@"^\| WEFT\d{4} \| (error|warning|info|error or warning) \| [^|]{10,} \| [^|]{8,} \|$", r));

    private static SortedSet<string> Codes() =>
        [.. Directory.EnumerateFiles(RepoFiles.Path("src"), "*.cs", SearchOption.AllDirectories).SelectMany(f => Quoted().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value)];

    private static string Code(string row) => Row().Match(row).Groups[1].Value;

    [GeneratedRegex(@"^\| (WEFT\d{4}) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"""(WEFT\d{4})""")]
    private static partial Regex Quoted();
}
