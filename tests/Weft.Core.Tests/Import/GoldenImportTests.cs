using Weft.Core.Import;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>Files of other programs beside the projects that are made of them, findings and all.</summary>
public sealed class GoldenImportTests
{
    private const string Cases = "tests/Weft.Core.Tests/Import/Cases";

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var format in Directory.EnumerateDirectories(RepoFiles.Path(Cases)).Order(StringComparer.Ordinal))
                foreach (var folder in Directory.EnumerateDirectories(format).Order(StringComparer.Ordinal)) data.Add(Path.GetFileName(format), Path.GetFileName(folder));
            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_case_becomes_its_project(string format, string folder)
    {
        var files = Directory.EnumerateFiles(RepoFiles.Path(Cases, format, folder)).Where(f => !f.EndsWith("project.yaml", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal);
        var imported = Importing.Sound(Importing.Import(format, [.. files.Select(f => new ImportSource(Path.GetFileName(f), File.ReadAllText(f)))]));
        Importing.HasPlaces(imported);
        Golden.Matches($"{Cases}/{format}/{folder}/project.yaml", imported.Yaml() + Dropped(imported));
    }

    // What is about a network that was left out has no place in the project's file.
    private static string Dropped(Imported imported) => imported.HasErrors ? "# left out: " + string.Join(", ", imported.Findings.Where(f => f.Diagnostic.Code == "WEFT5007").Select(f => f.Diagnostic.Message)) + "\n" : "";
}
