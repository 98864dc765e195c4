using System.Collections.Concurrent;

namespace Weft.Daemon.Http;

/// <summary>
/// Answers about the state of the host, which many ask for at once: read from the kernel once for all who ask within a second. What is changed through the
/// database, by this daemon or by a command beside it, is seen at once; counters and what only the kernel knows within that second.
/// </summary>
internal sealed class StateCache(StoreVersion store, TimeProvider clock) : IDisposable
{
    private const int MostAnswers = 256; // of different questions; more of them are strangers' inventions
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Answer> _answers = new();

    private sealed record Answer(long Since, long Version, Lazy<Task<byte[]>> Bytes);

    /// <summary>The answer to a question, read anew when it is too old; who asks while it is being read gets the same.</summary>
    internal Task<byte[]> Get(string question, Func<Task<byte[]>> read)
    {
        var version = store.Now();
        if (_answers.TryGetValue(question, out var known) && known.Version == version && clock.GetElapsedTime(known.Since) < Age && !known.Bytes.Value.IsFaulted && !known.Bytes.Value.IsCanceled) return known.Bytes.Value;
        if (_answers.Count >= MostAnswers) _answers.Clear();
        var fresh = new Answer(clock.GetTimestamp(), version, new Lazy<Task<byte[]>>(read));
        _answers[question] = fresh;
        return fresh.Bytes.Value;
    }

    public void Dispose() => store.Dispose();
}
