using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Remote;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Engine;
using Weft.Engine.Events;

namespace Weft.Cli.Commands;

/// <summary>weft events: what happened, and with -f what happens.</summary>
internal static class EventsCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what happens, until interrupted; with --json one document a line" };
        var since = new Option<EventCursor?>("--since") { Description = "Only what came after this event, by its cursor", HelpName = "CURSOR", CustomParser = Cursor };
        return new Command("events", "Show what happened; with -f what happens") { follow, since }.Asks(global, c => Run(c, c.Get(follow), c.Get(since)), here: c => c.Get(since)?.Epoch == HistoryEvents.Epoch);
    }

    private static EventCursor? Cursor(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (EventCursor.TryParse(result.Tokens[0].Value, out var cursor)) return cursor;
        result.AddError($"--since {result.Tokens[0].Value}: a cursor is what an event shows as its own: {HistoryEvents.Epoch}-17");
        return null;
    }

    private static int Run(VerbContext context, bool follow, EventCursor? since)
    {
        if (context.Daemon is { } daemon) return Run(context, new RemoteEvents(daemon), follow, since);
        using var engine = WeftEngine.ToLook(context.Engine);
        return Run(context, engine.Events(), follow, since);
    }

    /// <summary>Shows the events of a source, whichever it is.</summary>
    internal static int Run(VerbContext context, IEventSource source, bool follow, EventCursor? since)
    {
        using var stop = new Interruption();
        var events = source.Read(since, follow, stop.Token);
        if (context.Screen.Json && !follow) return Document([.. events]);
        foreach (var e in events)
        {
            if (e.Lost is not 0) context.Screen.Err.MarkupLine(e.Lost is { } n ? $"[yellow]{n} events before this one are kept no more[/]" : "[yellow]the cursor is of another log: this is all there is[/]");
            if (context.Screen.Json) StandardStreams.Write([.. e.Event.Json.Span, (byte)'\n']);
            else context.Screen.Out.MarkupLine(Line(e.Event));
        }
        return ExitCode.Ok;
    }

    private static int Document(IReadOnlyList<SourcedEvent> events) => Json.Print(true, [], ExitCode.Ok, w =>
    {
        if (events is [{ Lost: not 0 } first, ..]) w.WriteString("lost", first.Lost is { } n ? $"{n}" : "unknown");
        w.WriteStartArray("events");
        foreach (var e in events) w.WriteRawValue(e.Event.Json.Span);
        w.WriteEndArray();
    });

    private static string Line(WeftEvent e)
    {
        var place = string.Join('/', new[] { e.What.Project, e.What.Network, e.What.Object }.Where(t => t is not null));
        var colour = e.What.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "green" };
        return $"[grey]{e.At:yyyy-MM-dd HH:mm:ss}  {Markup.Escape($"{e.Cursor}"),-12}[/]  [{colour}]{EventNames.Of(e.What.Kind),-12}[/]  [bold]{Markup.Escape(place)}[/]  {Markup.Escape(e.What.Message.ReplaceLineEndings(" "))}";
    }
}
