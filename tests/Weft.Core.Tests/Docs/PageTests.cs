using System.Text.RegularExpressions;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Docs;

/// <summary>The pages lead to files that are there, and what they show as a project's file is one.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(RepoFiles.Path("docs"), "*.md", SearchOption.AllDirectories).Append(RepoFiles.Path("README.md")).Select(f => Path.GetRelativePath(RepoFiles.Root, f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page) => Assert.All(Links(page), l => Assert.True(Leads(page, l), $"{page}: {l} leads nowhere"));

    [Fact]
    public void The_readme_shows_a_file_without_faults()
    {
        var faults = new DiagnosticBag();
        Assert.NotNull(SpecReader.Load("README.md", Yaml().Match(Text("README.md")).Groups[1].Value, faults));
        Assert.Empty(faults.Items);
    }

    [Fact]
    public void The_readme_leads_to_every_page() => Assert.All(Pages.Select(p => p.Data).Where(p => p is not "README.md" && !p.Contains("adr", StringComparison.Ordinal)), p => Assert.Contains($"({p})", Text("README.md"), StringComparison.Ordinal));

    private static IEnumerable<string> Links(string page) => Link().Matches(Text(page)).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal));

    private static bool Leads(string page, string link)
    {
        var (file, heading) = link.Split('#') is [var f, var h] ? (f, h) : (link, "");
        var path = file.Length == 0 ? page : Path.GetRelativePath(RepoFiles.Root, Path.Combine(RepoFiles.Root, Path.GetDirectoryName(page)!, file));
        return Path.Exists(RepoFiles.Path(path)) && (heading.Length == 0 || Headings(path).Contains(heading));
    }

    // As code forges make anchors: lower case, blanks become '-', other signs go.
    private static IEnumerable<string> Headings(string page) => Text(page).Split('\n').Where(l => l.StartsWith('#'))
        .Select(l => Signs().Replace(l.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Text(string page) => File.ReadAllText(RepoFiles.Path(page));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex Signs();

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();
}
