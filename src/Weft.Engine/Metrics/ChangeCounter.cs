using System.Collections.Immutable;
using Weft.Engine.Store;

namespace Weft.Engine.Metrics;

/// <summary>Counts the changes of the history; each time only those that came since the last.</summary>
/// <param name="store">The store.</param>
internal sealed class ChangeCounter(WeftStore store)
{
    private readonly SortedDictionary<(string Project, string Verb, string Result), long> _counts = [];
    private long _last;

    internal ImmutableArray<ChangeFigures> Read()
    {
        foreach (var (project, verb, result, count, last) in store.CountRevisions(_last).ToList())
        {
            _counts[(project, verb, result)] = _counts.GetValueOrDefault((project, verb, result)) + count;
            _last = Math.Max(_last, last);
        }
        return [.. _counts.Select(c => new ChangeFigures(c.Key.Project, c.Key.Verb, c.Key.Result, c.Value))];
    }
}
