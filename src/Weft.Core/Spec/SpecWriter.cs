using System.Text;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Writing;

namespace Weft.Core.Spec;

/// <summary>Prints a project as a file that reads back equal, leaving out what holds anyway.</summary>
public static class SpecWriter
{
    /// <summary>The file's text.</summary>
    public static string Write(ProjectSpec project) => Write(project, _ => []);

    /// <summary>The file's text with comments.</summary>
    /// <param name="project">The project.</param>
    /// <param name="comments">Lines to stand above a network, by its name, or above the file (null).</param>
    public static string Write(ProjectSpec project, Func<string?, IEnumerable<string>> comments)
    {
        var root = new YamlMap { Block = true }.Comments(comments(null)).Number("version", VersionShape.Current).Text("name", project.Name);
        if (project.Domain != "weft") root.Text("domain", project.Domain);
        if (project.Drift != DriftPolicy.Enforce) root.Text("drift", project.Drift.ToString().ToLowerInvariant());
        root.Add("networks", Named(project.Networks.Select(n => (n.Name, (object)NetworkWriter.Write(n))), comments));
        root.Add("machines", Named(project.Machines.Select(m => (m.Name, MachineWriter.Write(m))), _ => []));
        var text = new StringBuilder();
        YamlText.Write(text, root, 0);
        return text.ToString();
    }

    private static YamlMap? Named(IEnumerable<(string Name, object Value)> items, Func<string?, IEnumerable<string>> comments)
    {
        var map = new YamlMap { Block = true };
        foreach (var (name, value) in items) map.Comments(comments(name)).Add(name, value);
        return map.Entries.Count > 0 ? map : null;
    }
}
