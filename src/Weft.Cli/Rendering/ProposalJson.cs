using System.Text.Json;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine;

namespace Weft.Cli.Rendering;

/// <summary>Plans and what became of them, for machines.</summary>
internal static class ProposalJson
{
    /// <summary>Writes "project", "changes" and "steps".</summary>
    internal static void Write(Utf8JsonWriter w, Plan plan)
    {
        w.WriteString("project", plan.Project);
        w.WriteNumber("changes", plan.Steps.Length);
        Json.Objects(w, "steps", plan.Steps, s => Write(w, s));
    }

    /// <summary>Writes "outcome", "revision" and what goes with them.</summary>
    internal static void Write(Utf8JsonWriter w, Outcome o)
    {
        w.WriteString("outcome", o.Kind.ToString().ToLowerInvariant());
        if (o.Revision != 0) w.WriteNumber("revision", o.Revision);
        if (o.Why.Length > 0) w.WriteString("why", o.Why);
        if (o.Deadline is { } d) w.WriteString("deadline", d);
        if (!o.Left.IsEmpty) Json.Strings(w, "left", o.Left);
    }

    /// <summary>Writes "repaired" when there was something.</summary>
    internal static void Write(Utf8JsonWriter w, Repair? r)
    {
        if (r is null) return;
        w.WriteStartObject("repaired");
        w.WriteString("project", r.Project);
        w.WriteString("verb", r.Verb);
        w.WriteString("at", r.At);
        w.WriteString("why", r.Why);
        Json.Strings(w, "left", r.Left);
        w.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter w, Step s)
    {
        var r = (s.After ?? s.Before)!;
        w.WriteString("action", s.Before is null ? "add" : s.After is null ? "remove" : "change");
        w.WriteString("kind", PlanText.Word(s.Key.Kind));
        w.WriteString("name", s.Key.Name);
        w.WriteString("network", r.Network);
        w.WriteString("why", s.Why);
        Resource(w, "before", s.Before);
        Resource(w, "after", s.After);
    }

    private static void Resource(Utf8JsonWriter w, string name, Resource? resource)
    {
        if (resource is null) return;
        w.WritePropertyName(name);
        // A table's text is long and the same on every host; its hash says which it is.
        w.WriteRawValue(ResourceJson.Write(resource is NftTableResource table ? table with { Text = "" } : resource));
    }
}
