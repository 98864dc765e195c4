using System.Text.Json.Serialization;
using System.Collections.Immutable;
using Weft.Engine.Store;

namespace Weft.Engine.Documents;

/// <summary>What was done, the newest first.</summary>
public sealed record HistoryDocument : Document, ILook
{
    /// <summary>The revisions.</summary>
    public required ImmutableArray<RevisionDocument> Revisions { get; init; }
    /// <inheritdoc/>
    public OpenDocument? Open { get; init; }
}

/// <summary>What the start of the machine made of each project.</summary>
public sealed record BootDocument : Document
{
    /// <summary>The projects.</summary>
    public required ImmutableArray<ChangeDocument> Projects { get; init; }
    /// <summary>What an earlier command had left half-done and this one took back.</summary>
    public RepairDocument? Repaired { get; init; }
}

/// <summary>One apply, destroy or rollback that was carried out.</summary>
/// <param name="Revision">Counts over all projects.</param>
/// <param name="At">When it was committed or undone (UTC).</param>
/// <param name="Project">Project.</param>
/// <param name="Verb">apply, destroy, rollback, port add, port rm.</param>
/// <param name="File">The file; null for none.</param>
/// <param name="User">Who asked for it.</param>
/// <param name="Result">committed or undone.</param>
/// <param name="Summary">What was done, or why it was undone.</param>
/// <param name="Network">The network, of a change of one port; null for others.</param>
/// <param name="Machine">The machine, of a change of one port; null for others.</param>
public sealed record RevisionDocument(long Revision, DateTimeOffset At, string Project, string Verb, string? File, string User, string Result, string? Summary, string? Network, string? Machine)
{
    /// <summary>What was asked for, and of what.</summary>
    [JsonIgnore]
    public string Subject => Machine is null ? $"{Verb} {File}" : $"{Verb} {Machine} on {Network}";

    /// <summary>A revision's document.</summary>
    public static RevisionDocument Of(RevisionRow r) => new(r.Id, r.At, r.Project, r.Verb, Words.OrNull(r.File), r.User, r.Result, Words.OrNull(r.Summary), r.Network, r.Machine);
}

/// <summary>Projects as they were last applied.</summary>
public sealed record ProjectsDocument : Document
{
    /// <summary>The projects, by name.</summary>
    public required ImmutableArray<ProjectDocument> Projects { get; init; }
}

/// <summary>A project as it was last applied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Revision">The revision that is in force.</param>
/// <param name="File">The file it came from.</param>
/// <param name="Text">The file's text; null in a list.</param>
public sealed record ProjectDocument(string Name, long Revision, string File, string? Text);
