using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Ipam;
using Weft.Core.Resources;

namespace Weft.Engine.Store;

/// <summary>A project as it was last applied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Revision">The revision that is in force.</param>
/// <param name="File">The file it came from.</param>
/// <param name="Text">The file's text.</param>
/// <param name="Shared">Names of the shared resources it needs, as <see cref="ResourceKey.ToString"/> has them.</param>
public sealed record ProjectRow(string Name, long Revision, string File, string Text, ImmutableArray<string> Shared);

/// <summary>One apply, destroy or rollback that was carried out.</summary>
/// <param name="Id">Counts over all projects.</param>
/// <param name="Project">Project.</param>
/// <param name="At">When it was committed or undone (UTC).</param>
/// <param name="User">Who asked for it.</param>
/// <param name="Verb">apply, destroy, rollback, port add, port rm, repair; restore, when the database was.</param>
/// <param name="File">The file.</param>
/// <param name="Text">The file's text; empty for destroy.</param>
/// <param name="Result">committed or undone; restored, when the database was.</param>
/// <param name="Summary">What was done, or why it was undone.</param>
public sealed record RevisionRow(long Id, string Project, DateTimeOffset At, string User, string Verb, string File, string Text, string Result, string Summary)
{
    /// <summary>The network, of a change of one port; null for others.</summary>
    public string? Network { get; init; }

    /// <summary>The machine, of a change of one port; null for others.</summary>
    public string? Machine { get; init; }
}

/// <summary>What an apply is about to do: enough to take it back, and to commit it later.</summary>
/// <param name="Project">Project.</param>
/// <param name="User">Who asked for it.</param>
/// <param name="Verb">As in <see cref="RevisionRow"/>.</param>
/// <param name="File">The file.</param>
/// <param name="Text">The file's text; null when the project shall be gone, or <see cref="SameFile"/>.</param>
/// <param name="Shared">Shared resources the project will need.</param>
/// <param name="Steps">All steps in order.</param>
/// <param name="Released">Allocations that end with the commit.</param>
/// <param name="Given">Allocations that begin with it.</param>
public sealed record Change(string Project, string User, string Verb, string File, string? Text, ImmutableArray<string> Shared,
    ImmutableArray<Step> Steps, AllocationState Released, AllocationState Given)
{
    /// <summary>The file stays as it was last applied, and is not repeated here: <see cref="Text"/> is null.</summary>
    public bool SameFile { get; init; }

    /// <summary>The print of the project's <see cref="Weft.Core.Spec.ProjectSpec.Sketch"/>; null when it is no shorter than the file.</summary>
    public string? Sketch { get; init; }

    /// <summary>The one port that is made, removed or changed; null when it is about more.</summary>
    public PortAllocation? Port => SameFile && (Given.Ports is [var given] ? given : Released.Ports is [var released] ? released : null) is { } port
        && Released.Ports.Concat(Given.Ports).All(p => (p.Network, p.Machine) == (port.Network, port.Machine)) ? port : null;

    /// <summary>It changes neither the host nor what is given out.</summary>
    public bool IsEmpty => Steps.IsEmpty && Released.IsEmpty && Given.IsEmpty;
}

/// <summary>How far a change is.</summary>
public enum JournalState
{
    /// <summary>Steps are being carried out; found open by another command, it is taken back.</summary>
    Acting,
    /// <summary>Carried out and verified; waits for "weft confirm" until the deadline.</summary>
    Pending,
}

/// <summary>That a change is open.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">How far it is.</param>
/// <param name="Guard">Process that takes it back when nobody confirms; null when there is none.</param>
public record JournalHead(long Id, JournalState State, int? Guard);

/// <summary>An open change.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When it began (UTC).</param>
/// <param name="Deadline">When a pending one is taken back (UTC).</param>
/// <param name="Boot">The kernel's boot_id at that time: another one means that links and tables are gone anyway.</param>
/// <param name="Guard">Process that takes it back when nobody confirms; null when there is none.</param>
/// <param name="Change">What is done.</param>
public sealed record JournalRow(long Id, JournalState State, DateTimeOffset At, DateTimeOffset? Deadline, string Boot, int? Guard, Change Change) : JournalHead(Id, State, Guard);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true, UseStringEnumConverter = true,
    Converters = [typeof(IpAddressConverter), typeof(IpPrefixConverter), typeof(MacAddressConverter), typeof(JournalStepConverter)])]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(NetworkAllocation))]
[JsonSerializable(typeof(PortAllocation))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>
    /// In the encoding of the database: a change of many steps is long. Without the text of tables that are new: they are taken back by name.
    /// </summary>
    public static byte[] Write(Change change) =>
        JsonSerializer.SerializeToUtf8Bytes(change with { Steps = [.. change.Steps.Select(s => s is { Before: null, After: NftTableResource t } ? s with { After = t with { Text = "" } } : s)] }, Default.Change);

    public static Change ReadChange(string json) => Read(json, Default.Change);

    /// <exception cref="InvalidDataException">Somebody changed the text, or another weft wrote it.</exception>
    public static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null where a record is wanted");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException) // no JSON; a resource without a kind; a step without one
        {
            throw new InvalidDataException($"the database holds a {type.Type.Name} that this weft cannot read: {e.Message}", e);
        }
    }
}
