using Weft.Core.Spec;
using Weft.Engine.Store;

namespace Weft.Engine.Machines;

/// <summary>Keeps the files of projects as read, so that a machine among thousands does not cost the reading of all of them. Not safe for several threads at once.</summary>
public sealed class SpecCache
{
    private readonly Dictionary<string, (long File, ProjectSpec Spec)> _read = [];

    /// <summary>The project as applied; null when there is none of that name, or its file cannot be read by this version.</summary>
    public ProjectSpec? Of(string project, WeftStore store)
    {
        if (store.FileId(project) is not { } file) return null;
        if (_read.TryGetValue(project, out var kept) && kept.File == file) return kept.Spec;
        var spec = store.Project(project) is { } row ? SpecReader.Read(row.File, row.Text, new()) : null;
        if (spec is not null) _read[project] = (file, spec);
        return spec;
    }
}
