using System.Collections.Concurrent;

namespace Weft.Daemon.Security;

/// <summary>Counts failed tries by address: who guesses is shut out for a while.</summary>
internal sealed class Attempts(TimeProvider clock)
{
    private const int Most = 10; // a person mistypes a few times; guessing 256 bits takes more
    private const int MostAddresses = 10_000; // of those whose tries are remembered
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (long Since, int Count)> _failed = new();

    /// <summary>Nobody is let in from there for now.</summary>
    internal bool IsShut(string from) => _failed.TryGetValue(from, out var f) && f.Count >= Most && clock.GetElapsedTime(f.Since) < Window;

    /// <summary>A try failed.</summary>
    internal void Failed(string from)
    {
        if (_failed.Count >= MostAddresses) Forget();
        _failed.AddOrUpdate(from, _ => (clock.GetTimestamp(), 1), (_, f) => clock.GetElapsedTime(f.Since) < Window ? (f.Since, f.Count + 1) : (clock.GetTimestamp(), 1));
    }

    private void Forget()
    {
        foreach (var (from, f) in _failed)
            if (clock.GetElapsedTime(f.Since) >= Window) _failed.TryRemove(from, out _);
    }
}
