using Weft.Core.Diagnostics;
using Weft.Core.Resources;
using Weft.Engine.Store;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    // What carries Weft's tags and is of no project of this state directory.
    private List<string> Strangers(IEnumerable<Resource> observed, string project)
    {
        var known = Store.ProjectNames.Append(project).Append(Resource.Shared).ToHashSet();
        return [.. observed.Select(r => r.Owner).Where(o => !known.Contains(o)).Distinct().Order(StringComparer.Ordinal)];
    }

    private Diagnostic Stranger(string project) => new("WEFT4008", Severity.Warning, $"project {project} is on this host but not in the state directory {_options.Paths.State}", Location.None,
        new Claims(_options.Paths).Elsewhere(project) is { } state
            ? $"it is kept in {state}: give all projects of a network namespace one state directory, or addresses and names may be given out twice"
            : $"its database was lost: apply its file to take it over, or weft destroy {project} removes it");

    // Two that make one project would take from each other what they make.
    private Diagnostic? Foreign(string project, IEnumerable<Resource> observed) =>
        observed.Any(r => r.Owner == project) && new Claims(_options.Paths).Elsewhere(project) is { } state
            ? new("WEFT4009", Severity.Error, $"project {project} was applied from another state directory, {state}", Location.None, $"use that one, with --state {state}; or destroy it there first")
            : null;

    // Beside the point of the change, as the unit for boot is.
    private void Claim(Change change)
    {
        try
        {
            if (change.Text is null && !change.SameFile) new Claims(_options.Paths).Release(change.Project);
            else new Claims(_options.Paths).Take(change.Project);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.Warn($"other state directories will not know that project {change.Project} is kept in this one: {e.Message}");
        }
    }
}
