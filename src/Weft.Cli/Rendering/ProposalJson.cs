using System.Text.Json;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine;
using Weft.Engine.Store;

namespace Weft.Cli.Rendering;

/// <summary>Plans and what became of them, for machines.</summary>
internal static class ProposalJson
{
    /// <summary>Writes "project", "changes" and "steps".</summary>
    internal static void Write(Utf8JsonWriter w, Plan plan)
    {
        w.Text("project", plan.Project);
        w.WriteNumber("changes", plan.Steps.Length);
        Json.Objects(w, "steps", plan.Steps, s => Write(w, s));
    }

    /// <summary>Writes "outcome", "revision" and what goes with them; all null where nothing was begun.</summary>
    internal static void Write(Utf8JsonWriter w, Outcome? o)
    {
        w.Text("outcome", o?.Kind.ToString().ToLowerInvariant());
        w.Number("revision", o is { Revision: not 0 } ? o.Revision : null);
        w.Text("why", o?.Why);
        w.Time("deadline", o?.Deadline);
        Json.Strings(w, "left", o?.Left ?? []);
    }

    /// <summary>Writes "repaired".</summary>
    internal static void Write(Utf8JsonWriter w, Repair? repaired) => w.Object("repaired", repaired, r =>
    {
        w.WriteString("project", r.Project);
        w.WriteString("verb", r.Verb);
        w.WriteString("at", r.At);
        w.WriteString("why", r.Why);
        Json.Strings(w, "left", r.Left);
    });

    /// <summary>Writes "open": the change that waits to be confirmed until its deadline, or is being made (no deadline).</summary>
    internal static void Write(Utf8JsonWriter w, JournalRow? open) => w.Object("open", open, o =>
    {
        w.WriteString("project", o.Change.Project);
        w.WriteString("verb", o.Change.Verb);
        w.WriteString("at", o.At);
        w.Time("deadline", o.Deadline);
    });

    private static void Write(Utf8JsonWriter w, Step s)
    {
        var r = (s.After ?? s.Before)!;
        w.WriteString("action", s.Before is null ? "add" : s.After is null ? "remove" : "change");
        w.WriteString("kind", PlanText.Word(s.Key.Kind));
        w.WriteString("name", s.Key.Name);
        w.Text("network", r.Network);
        w.WriteString("why", s.Why);
        Resource(w, "before", s.Before);
        Resource(w, "after", s.After);
    }

    // The record as the journal has it, which leaves out what it has none of. A table's text is long and the same on every host; its hash says which it is.
    private static void Resource(Utf8JsonWriter w, string name, Resource? resource)
    {
        if (resource is null)
        {
            w.WriteNull(name);
            return;
        }
        w.WriteStartObject(name);
        using var record = JsonDocument.Parse(ResourceJson.Write(resource is NftTableResource table ? table with { Text = "" } : resource));
        foreach (var member in record.RootElement.EnumerateObject().Where(m => m.Value is not { ValueKind: JsonValueKind.String } || !m.Value.ValueEquals("")))
            member.WriteTo(w);
        w.WriteEndObject();
    }
}
