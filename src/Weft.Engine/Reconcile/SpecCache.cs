using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine.Store;

namespace Weft.Engine.Reconcile;

/// <summary>Files of projects as they were read last: reading one of a thousand machines takes as long as putting back what it declares.</summary>
/// <param name="read">How a file is read: null and a fault when it cannot be.</param>
internal sealed class SpecCache(Func<string, string, DiagnosticBag, ProjectSpec?> read)
{
    private readonly Dictionary<string, (string Text, ProjectSpec Spec)> _byProject = [];

    /// <summary>The project's file as it was applied last; null when it has faults.</summary>
    public ProjectSpec? Read(ProjectRow row, DiagnosticBag faults)
    {
        if (_byProject.TryGetValue(row.Name, out var known) && known.Text == row.Text) return known.Spec;
        if (read(row.File, row.Text, faults) is not { } spec) return null;
        _byProject[row.Name] = (row.Text, spec);
        return spec;
    }

    /// <summary>A project is gone.</summary>
    public void Forget(string project) => _byProject.Remove(project);
}
