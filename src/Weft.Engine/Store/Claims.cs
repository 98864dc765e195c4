using System.Globalization;
using Weft.Linux.NetNs;

namespace Weft.Engine.Store;

/// <summary>
/// Which state directory each project of a network namespace was applied from, in /run/weft: it lives as long as links and tables do. It tells a project of
/// another state directory from one whose database was lost.
/// </summary>
/// <param name="paths">The folders. The calling thread is in their network namespace.</param>
internal sealed class Claims(EnginePaths paths)
{
    private readonly string _folder = Path.Combine(paths.Machine, "projects", NetNamespace.CurrentInode.ToString(CultureInfo.InvariantCulture));

    /// <summary>The other state directory that a project was applied from; null when there is none, or its database is not there any more.</summary>
    /// <exception cref="IOException">The claim cannot be read.</exception>
    public string? Elsewhere(string project)
    {
        if (!File.Exists(Of(project))) return null;
        var state = File.ReadAllText(Of(project)).Trim();
        return state != paths.State && File.Exists((paths with { State = state }).Database) ? state : null;
    }

    /// <summary>This state directory has the project.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Take(string project)
    {
        if (File.Exists(Of(project)) && File.ReadAllText(Of(project)) == paths.State) return; // so it was before each port
        Directory.CreateDirectory(_folder);
        var next = Path.Combine(_folder, $".{Environment.ProcessId}");
        File.WriteAllText(next, paths.State);
        File.Move(next, Of(project), overwrite: true);
    }

    /// <summary>The project is gone.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Release(string project)
    {
        if (!Directory.Exists(_folder)) return;
        File.Delete(Of(project));
        if (!Directory.EnumerateFileSystemEntries(_folder).Any()) Directory.Delete(_folder);
    }

    private string Of(string project) => Path.Combine(_folder, project);
}
