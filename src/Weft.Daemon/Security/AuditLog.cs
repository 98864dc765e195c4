using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;
using Weft.Engine.Events;

namespace Weft.Daemon.Security;

/// <summary>One line of the audit log: who wanted what, from where, and what became of it.</summary>
/// <param name="At">When it ended (UTC).</param>
/// <param name="Caller">Who; null for somebody unknown.</param>
/// <param name="From">Where from.</param>
/// <param name="Role">The caller's role.</param>
/// <param name="Method">Method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Status">Status of the answer.</param>
/// <param name="Project">The project that was changed.</param>
/// <param name="Plan">The token of the plan that was carried out.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Revision">Its number in the history.</param>
/// <param name="Detail">Why it was refused.</param>
/// <param name="What">The change that was asked for, in words; null when it did not come to that.</param>
internal sealed record AuditEntry(DateTimeOffset At, string? Caller, string From, string? Role, string Method, string Target, int Status,
    string? Project, string? Plan, string? Outcome, long? Revision, string? Detail, string? What)
{
    private const int MostShown = 200; // of a path: events are kept in memory, and anybody can send a long one

    private string Shown => Target.Length <= MostShown ? Target : $"{Target[..MostShown]}...";

    /// <summary>As an event of the host.</summary>
    internal Happening ToHappening() => new(EventKind.Audit, $"{Method} {Shown}{(What is null ? "" : $" ({What})")} by {Caller ?? "nobody known"} ({From}): {Status}{(Outcome is null ? "" : $", {Outcome}")}{(Detail is null ? "" : $": {Detail}")}")
    {
        Severity = Status < 400 ? Severity.Info : Severity.Warning,
        Project = Project,
        User = Caller,
        Revision = Revision,
    };
}

/// <summary>
/// The audit log: lines of JSON in a file beside the database. Handed to the kernel line by line; what was changed is in the history as well, and that is
/// on disk before it is answered.
/// </summary>
internal sealed class AuditLog(string path, EventLog events)
{
    private const long MostBytes = 16 * 1024 * 1024; // some 50,000 lines; the one before it is kept as well
    private readonly Lock _writing = new();

    /// <summary>The file of a state directory.</summary>
    internal static string PathIn(string state) => Path.Combine(state, "audit.jsonl");

    /// <summary>Writes a line, and tells of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(AuditEntry entry)
    {
        events.Add(entry.ToHappening());
        lock (_writing)
        {
            if (File.Exists(path) && new FileInfo(path).Length > MostBytes) File.Move(path, $"{path}.1", overwrite: true);
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, AuditJson.Default.AuditEntry), (byte)'\n']);
        }
    }

    /// <summary>The last lines, the newest first.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal AuditEntry[] Last(int count)
    {
        lock (_writing)
            return File.Exists(path) ? [.. File.ReadLines(path).TakeLast(count).Reverse().Select(l => JsonSerializer.Deserialize(l, AuditJson.Default.AuditEntry)!)] : [];
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEntry[]))]
internal sealed partial class AuditJson : JsonSerializerContext;
