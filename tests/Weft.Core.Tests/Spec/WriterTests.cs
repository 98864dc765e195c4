using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Spec;

public sealed class WriterTests
{
    [Fact]
    public void A_printed_project_reads_back_equal() => SpecGen.Project.Sample(project =>
    {
        var text = SpecWriter.Write(project);
        var faults = new DiagnosticBag();
        var again = SpecReader.Read("p.yaml", text, faults);
        Assert.True(again is not null, string.Join('\n', faults.Items) + "\n" + text);
        Assert.Equal(Structural.Render(project), Structural.Render(again));
    }, iter: 3000);

    [Fact]
    public void Validation_takes_any_project() => SpecGen.Project.Sample(project => SpecValidator.Validate(project, new DiagnosticBag()), iter: 1000);
}
