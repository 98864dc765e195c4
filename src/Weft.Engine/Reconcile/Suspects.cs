using Weft.Core.Model;

namespace Weft.Engine.Reconcile;

/// <summary>A project of which something may have changed.</summary>
/// <param name="Project">The project.</param>
/// <param name="Scope">Where.</param>
/// <param name="Since">When it was told first.</param>
/// <param name="Programs">Who changed nftables, as far as it was told.</param>
/// <param name="Ports">The ports' links that it is all about; null when it is about more.</param>
internal sealed record Suspect(string Project, DriftScope Scope, TimeSpan Since, IReadOnlySet<string> Programs, IReadOnlySet<PortLink>? Ports);

/// <summary>The link of a port.</summary>
/// <param name="Link">Its name.</param>
/// <param name="Tag">Whose it is.</param>
internal sealed record PortLink(string Link, LinkTag Tag);

/// <summary>The projects that are to be looked at, and what of them is held back. Times are since the start of the watching.</summary>
internal sealed class Suspects
{
    private readonly Dictionary<string, (DriftScope Scope, TimeSpan Since, HashSet<string> Programs, HashSet<PortLink>? Ports)> _all = [];
    private readonly Dictionary<(string Project, DriftScope Part), TimeSpan> _held = [];

    /// <summary>Notes a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="scope">Where something may have changed.</param>
    /// <param name="now">The time.</param>
    /// <param name="port">The port's link that it is about; null when it is about more.</param>
    public void Add(string project, DriftScope scope, TimeSpan now, PortLink? port = null)
    {
        var known = _all.TryGetValue(project, out var s) ? s : (Scope: DriftScope.None, Since: now, Programs: [], Ports: []);
        if (port is null) known.Ports = null;
        else known.Ports?.Add(port);
        _all[project] = known with { Scope = known.Scope | scope };
    }

    /// <summary>Notes a project, and who changed it.</summary>
    public void Blame(string project, DriftScope scope, TimeSpan now, string program)
    {
        Add(project, scope, now);
        _all[project].Programs.Add(program);
    }

    /// <summary>Leaves parts of a project alone until then.</summary>
    public void Hold(string project, DriftScope scope, TimeSpan until)
    {
        foreach (var part in DriftScopes.Parts.Where(p => (scope & p) != 0)) _held[(project, part)] = until;
    }

    /// <summary>Whether there is any that is not held.</summary>
    public bool HasDue(TimeSpan now) => _all.Any(s => Due(s.Key, s.Value.Scope, now) != DriftScope.None);

    /// <summary>Takes out what is not held.</summary>
    public IReadOnlyList<Suspect> TakeDue(TimeSpan now)
    {
        var due = new List<Suspect>();
        foreach (var (project, s) in _all.ToList())
        {
            var scope = Due(project, s.Scope, now);
            if (scope == DriftScope.None) continue;
            due.Add(new Suspect(project, scope, s.Since, s.Programs, s.Ports));
            var rest = s.Scope & ~scope & (DriftScope.Filter | DriftScope.Links);
            if (rest == DriftScope.None) _all.Remove(project);
            else _all[project] = (rest, s.Since, s.Programs, s.Ports);
        }
        return due;
    }

    /// <summary>When the next of those that are held is due; null when none is.</summary>
    public TimeSpan? NextDue() => _held.Where(h => _all.TryGetValue(h.Key.Project, out var s) && (s.Scope & h.Key.Part) != 0).Select(h => (TimeSpan?)h.Value).Min();

    private DriftScope Due(string project, DriftScope scope, TimeSpan now)
    {
        var held = DriftScopes.Parts.Where(p => _held.TryGetValue((project, p), out var until) && until > now).Aggregate(DriftScope.None, (all, p) => all | p);
        return held == DriftScope.None ? scope : scope & ~held & (DriftScope.Filter | DriftScope.Links);
    }
}
