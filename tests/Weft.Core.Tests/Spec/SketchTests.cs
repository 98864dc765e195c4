using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Spec;

/// <summary>The sketch of a project is all but its machines.</summary>
public sealed class SketchTests
{
    private static ProjectSpec Read(string text)
    {
        var faults = new DiagnosticBag();
        return SpecReader.Read("p.yaml", text, faults) ?? throw new InvalidDataException(string.Join('\n', faults.Items));
    }

    [Fact]
    public void All_but_the_machines_survives_being_printed_and_read() => SpecGen.Project.Sample(project =>
        Assert.Equal(Structural.Render(project with { Machines = [] }), Structural.Render(Read(SpecWriter.Write(project.Sketch())))), iter: 1000);

    [Fact]
    public void It_does_not_grow_with_the_machines_nor_with_what_is_said_of_them()
    {
        var machines = Enumerable.Range(0, 3000).Select(i => $"  m{i}: {{ ports: [ {{ network: trunk, vlan: {i + 1} }}, dev ] }} # {new string('x', 50)}\n");
        var text = $"version: 1\nname: lab\n# machines: {{ none: dev }}\nmachines:\n{string.Concat(machines)}networks:\n  dev: {{ mode: nat }}\n  trunk: {{ mode: nat, vlan: true }}\n";
        Assert.InRange(SpecWriter.Write(Read(text).Sketch()).Length, 1, 100);
    }

    [Fact]
    public void A_forward_may_name_a_machine_that_is_not_in_it()
    {
        var sketch = Read("version: 1\nname: lab\nmachines: { web: dev }\nnetworks: { dev: { mode: nat, forwards: [ { listen: tcp/80, to: web } ] } }\n").Sketch();
        Assert.Equal("web", Assert.IsType<NatNetworkSpec>(Read(SpecWriter.Write(sketch)).Networks.Single()).Forwards.Single().To.Machine);
    }
}
