using System.Text.Json;
using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Forwards and floating addresses, with what went through them.</summary>
internal sealed class ForwardsView : IShowView
{
    public string Name => "forwards";

    public void Print(Screen screen, ShowQuery query)
    {
        var table = Tables.New("network", "listen", "to", "connections", "packets", "bytes");
        foreach (var f in query.Forwards)
            table.AddRow(Markup.Escape($"{f.Project}/{f.Network}"), $"[bold]{Markup.Escape(f.Listen)}[/]", Markup.Escape(f.To), $"{f.Connections}", $"{f.Packets}", State.Bytes(f.Bytes));
        screen.Out.Write(table);
    }

    public void Write(Utf8JsonWriter w, ShowQuery query)
    {
        Json.Objects(w, Name, query.Forwards, f =>
        {
            w.WriteString("project", f.Project);
            w.WriteString("network", f.Network);
            w.WriteString("listen", f.Listen);
            w.WriteString("to", f.To);
            w.WriteNumber("connections", f.Connections);
            w.Number("packets", (long?)f.Packets);
            w.Number("bytes", (long?)f.Bytes);
        });
    }
}
