using System.Text.Json.Serialization;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Events;

/// <summary>What happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
public enum EventKind
{
    /// <summary>A change was made and is good.</summary>
    [JsonStringEnumMemberName("applied")] Applied,
    /// <summary>A change was taken back: it failed, or nobody confirmed it.</summary>
    [JsonStringEnumMemberName("undone")] Undone,
    /// <summary>A project was removed.</summary>
    [JsonStringEnumMemberName("destroyed")] Destroyed,
    /// <summary>A change is made and waits to be confirmed.</summary>
    [JsonStringEnumMemberName("pending")] Pending,
    /// <summary>What somebody else had changed was put right.</summary>
    [JsonStringEnumMemberName("repaired")] Repaired,
    /// <summary>A machine was given a port.</summary>
    [JsonStringEnumMemberName("port-added")] PortAdded,
    /// <summary>A port was taken away.</summary>
    [JsonStringEnumMemberName("port-removed")] PortRemoved,
    /// <summary>A machine was started on a port, or stopped.</summary>
    [JsonStringEnumMemberName("port-state")] PortState,
    /// <summary>A DHCP lease began, or ended.</summary>
    [JsonStringEnumMemberName("lease")] Lease,
    /// <summary>Somebody else changed what is Weft's.</summary>
    [JsonStringEnumMemberName("drift")] Drift,
    /// <summary>Somebody else changes the same thing again and again.</summary>
    [JsonStringEnumMemberName("fight")] Fight,
    /// <summary>Something could not be done.</summary>
    [JsonStringEnumMemberName("error")] Error,
    /// <summary>The daemon started, or is about to end.</summary>
    [JsonStringEnumMemberName("daemon")] Daemon,
    /// <summary>Somebody asked the daemon for a change, or was turned away.</summary>
    [JsonStringEnumMemberName("audit")] Audit,
}

/// <summary>What happened, before it has a place in a log.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">In words, whole by themselves.</param>
public sealed record Happening(EventKind Kind, string Message)
{
    /// <summary>How bad it is.</summary>
    public Severity Severity { get; init; } = Kind is EventKind.Error or EventKind.Fight ? Severity.Error : Kind is EventKind.Undone or EventKind.Drift ? Severity.Warning : Severity.Info;
    /// <summary>The project; null when it concerns none, or all.</summary>
    public string? Project { get; init; }
    /// <summary>The network; null when it concerns none, or all.</summary>
    public string? Network { get; init; }
    /// <summary>Machine, link, address or other thing that it happened to; null for none.</summary>
    public string? Object { get; init; }
    /// <summary>Who did it; null when nobody, or nobody knows.</summary>
    public string? User { get; init; }
    /// <summary>The revision that came of it; null for none.</summary>
    public long? Revision { get; init; }
}

/// <summary>What happened, in its place in a log.</summary>
/// <param name="Cursor">Its place.</param>
/// <param name="At">When (UTC).</param>
/// <param name="What">What happened.</param>
public sealed record WeftEvent(EventCursor Cursor, DateTimeOffset At, Happening What)
{
    private byte[]? _json;

    /// <summary>Reads what <see cref="Json"/> is.</summary>
    /// <exception cref="System.Text.Json.JsonException">The text is no event.</exception>
    public static WeftEvent Parse(string json) => EventJson.Read(json);

    /// <summary>As a JSON document on one line, UTF-8; made once, whoever asks.</summary>
    public ReadOnlyMemory<byte> Json => _json ??= EventJson.Write(this);
}

/// <summary>How many events of a kind there were.</summary>
/// <param name="Kind">What.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Count">How many.</param>
public sealed record EventTotal(EventKind Kind, Severity Severity, long Count);
