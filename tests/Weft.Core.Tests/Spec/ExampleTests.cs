using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Spec;

public sealed class ExampleTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(RepoFiles.Path("examples"), "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_is_valid_and_is_named_like_its_file(string file)
    {
        var faults = new DiagnosticBag();
        var spec = SpecReader.Load(file, File.ReadAllBytes(RepoFiles.Path("examples", file)), faults);
        Assert.Empty(faults.Items);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), spec!.Name);
        Assert.NotEmpty(spec.Networks);
    }
}
