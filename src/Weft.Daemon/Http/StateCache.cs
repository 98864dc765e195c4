using System.Collections.Concurrent;
using Weft.Engine;

namespace Weft.Daemon.Http;

/// <summary>
/// Answers about the state of the host, which many ask for at once: read from the kernel once for all who ask within a second. What is changed through the
/// database, by this daemon or by a command beside it, is seen at once; counters and what only the kernel knows within that second.
/// </summary>
internal sealed class StateCache(EnginePaths paths, TimeProvider clock)
{
    private const int MostAnswers = 256; // of different questions; more of them are strangers' inventions
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Answer> _answers = new();

    private sealed record Answer(long Since, (FileState Log, FileState Database) Store, Lazy<Task<byte[]>> Bytes);

    private readonly record struct FileState(long Length, DateTime Written);

    /// <summary>The answer to a question, read anew when it is too old; who asks while it is being read gets the same.</summary>
    internal Task<byte[]> Get(string question, Func<Task<byte[]>> read)
    {
        var store = Store();
        if (_answers.TryGetValue(question, out var known) && known.Store == store && clock.GetElapsedTime(known.Since) < Age && !known.Bytes.Value.IsFaulted && !known.Bytes.Value.IsCanceled) return known.Bytes.Value;
        if (_answers.Count >= MostAnswers) _answers.Clear();
        var fresh = new Answer(clock.GetTimestamp(), store, new Lazy<Task<byte[]>>(read));
        _answers[question] = fresh;
        return fresh.Bytes.Value;
    }

    // What is committed is appended to the write-ahead log first (sqlite.org/wal.html), by whatever process, and moved to the database when the last one closes it.
    private (FileState, FileState) Store() => (State($"{paths.Database}-wal"), State(paths.Database));

    private static FileState State(string path) => new FileInfo(path) is { Exists: true } file ? new(file.Length, file.LastWriteTimeUtc) : default;
}
