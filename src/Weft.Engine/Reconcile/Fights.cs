using System.Collections.Immutable;
using Weft.Core.Resources;

namespace Weft.Engine.Reconcile;

/// <summary>A part of a project that is left alone for a while.</summary>
/// <param name="Part">The part.</param>
/// <param name="Keys">What was put back too often; empty after a failure.</param>
/// <param name="For">How long.</param>
internal sealed record FightHold(DriftScope Part, ImmutableArray<ResourceKey> Keys, TimeSpan For);

/// <summary>Tells repair from fight: counts how often the same object of one project was put back. Times are since the start of the watching.</summary>
internal sealed class Fights(ReconcileOptions how)
{
    private readonly Dictionary<ResourceKey, Queue<TimeSpan>> _repairs = [];
    private readonly Dictionary<DriftScope, (int Level, TimeSpan End, bool Fought)> _holds = [];

    /// <summary>Notes what was put back.</summary>
    /// <returns>What is to be left alone now, part by part.</returns>
    public IReadOnlyList<FightHold> Repaired(IEnumerable<ResourceKey> keys, TimeSpan now)
    {
        var fought = keys.Where(k => Count(k, now) > Limit(DriftScopes.Of(k.Kind), now)).ToLookup(k => DriftScopes.Of(k.Kind));
        foreach (var key in _repairs.Where(r => now - r.Value.Last() > how.FightWindow).Select(r => r.Key).ToList()) _repairs.Remove(key);
        return [.. fought.Select(f => new FightHold(f.Key, [.. f], Next(f.Key, now, fought: true)))];
    }

    /// <summary>Notes that putting back failed.</summary>
    public IReadOnlyList<FightHold> Failed(DriftScope scope, TimeSpan now) =>
        [.. DriftScopes.Parts.Where(p => (scope & p) != 0).Select(p => new FightHold(p, [], Next(p, now, fought: false)))];

    private int Count(ResourceKey key, TimeSpan now)
    {
        if (!_repairs.TryGetValue(key, out var times)) _repairs[key] = times = new();
        while (times.TryPeek(out var first) && now - first > how.FightWindow) times.Dequeue();
        times.Enqueue(now);
        return times.Count;
    }

    // Right after a hold the first repair shows that the fight goes on; after a failure it shows that this has passed.
    private int Limit(DriftScope part, TimeSpan now) => IsOn(part, now) && _holds[part].Fought ? 0 : how.FightLimit;

    private bool IsOn(DriftScope part, TimeSpan now) => _holds.TryGetValue(part, out var h) && now - h.End <= how.FightWindow;

    private TimeSpan Next(DriftScope part, TimeSpan now, bool fought)
    {
        var level = IsOn(part, now) ? _holds[part].Level + 1 : 0;
        var hold = how.FirstHold * Math.Pow(2, Math.Min(level, 30)) is var h && h < how.LongestHold ? h : how.LongestHold;
        _holds[part] = (level, now + hold, fought || (level > 0 && _holds[part].Fought));
        return hold;
    }
}
