using System.Text;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Writing;

namespace Weft.Core.Spec;

/// <summary>Prints a project as a file that reads back equal, leaving out what holds anyway.</summary>
public static class SpecWriter
{
    /// <summary>The file's text.</summary>
    public static string Write(ProjectSpec project)
    {
        var root = new YamlMap { Block = true }.Number("version", VersionShape.Current).Text("name", project.Name);
        if (project.Domain != "weft") root.Text("domain", project.Domain);
        if (project.Drift != DriftPolicy.Enforce) root.Text("drift", project.Drift.ToString().ToLowerInvariant());
        root.Add("networks", Named(project.Networks.Select(n => (n.Name, (object)NetworkWriter.Write(n)))));
        root.Add("machines", Named(project.Machines.Select(m => (m.Name, MachineWriter.Write(m)))));
        var text = new StringBuilder();
        YamlText.Write(text, root, 0);
        return text.ToString();
    }

    private static YamlMap? Named(IEnumerable<(string Name, object Value)> items)
    {
        var map = new YamlMap { Block = true };
        foreach (var (name, value) in items) map.Add(name, value);
        return map.Entries.Count > 0 ? map : null;
    }
}
