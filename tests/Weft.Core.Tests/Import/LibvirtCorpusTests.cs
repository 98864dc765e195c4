using System.Text.RegularExpressions;
using Weft.Core.Diagnostics;
using Weft.Core.Import;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>Every case of libvirt's own tests imports, or is refused as libvirt refuses it, or because its mode is none of Weft's.</summary>
public sealed partial class LibvirtCorpusTests
{
    private static readonly string[] RefusedByLibvirt = ["WEFT5004", "WEFT5005", "WEFT5006"];
    private static readonly string[] MadeByWeft = ["none", "nat", "route", "open"];

    [Fact]
    public void Cases_that_libvirt_refuses_are_refused_with_its_reason()
    {
        var names = ParseErrors().Matches(File.ReadAllText(Path.Combine(LibvirtSource.Folder, "tests", "networkxml2xmltest.c"))).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, n =>
        {
            var imported = Read(Path.Combine(LibvirtSource.Folder, "tests", "networkxml2xmlin", n + ".xml"));
            Assert.Empty(imported.Project.Networks);
            Assert.Contains(imported.Findings, f => RefusedByLibvirt.Contains(f.Diagnostic.Code));
        });
    }

    [Fact]
    public void Every_other_case_is_a_network_or_of_a_mode_that_weft_has_not()
    {
        var refused = ParseErrors().Matches(File.ReadAllText(Path.Combine(LibvirtSource.Folder, "tests", "networkxml2xmltest.c"))).Select(m => m.Groups[1].Value).ToHashSet();
        string[] files = [.. Cases("networkxml2xmlin").Where(f => !refused.Contains(Path.GetFileNameWithoutExtension(f))), .. Cases("networkxml2confdata"), .. Cases("networkxml2xmlout")];
        Assert.True(files.Length >= 70, $"{files.Length} cases");
        Assert.All(files, f =>
        {
            var imported = Read(f);
            if (imported.HasErrors) Assert.True(IsOtherMode(imported, File.ReadAllText(f)), $"{f}:\n{string.Join('\n', imported.Findings.Select(x => x.Diagnostic))}");
            else Assert.Single(imported.Project.Networks);
        });
    }

    // networkValidate of libvirt refuses some of these as well, when they are defined: then there are two reasons.
    private static bool IsOtherMode(Imported imported, string text) =>
        imported.Project.Networks.IsEmpty && imported.Findings.Any(f => f.Diagnostic.Code == "WEFT5007") && !(Mode().Match(text) is { Success: true } m && MadeByWeft.Contains(m.Groups[1].Value));

    private static string[] Cases(string folder) => [.. Directory.EnumerateFiles(Path.Combine(LibvirtSource.Folder, "tests", folder), "*.xml").Order(StringComparer.Ordinal)];

    private static Imported Read(string path)
    {
        var imported = Importing.Sound(Importing.Import("libvirt", new ImportSource(Path.GetFileName(path), File.ReadAllText(path))));
        Importing.HasPlaces(imported);
        return imported;
    }

    [GeneratedRegex("DO_TEST_PARSE_ERROR\\(\"([^\"]+)\"\\)|\"([^\"]+)\", [^,]+, TEST_COMPARE_NET_XML2XML_RESULT_FAIL_PARSE\\)")]
    private static partial Regex ParseErrors();

    [GeneratedRegex("<forward[^>]*mode=['\"]([a-z]+)['\"]")]
    private static partial Regex Mode();
}
