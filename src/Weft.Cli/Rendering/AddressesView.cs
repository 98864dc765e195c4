using System.Text.Json;
using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Who has which address since when.</summary>
internal sealed class AddressesView : IShowView
{
    public string Name => "addresses";

    public void Print(Screen screen, ShowQuery query)
    {
        var table = Tables.New("address", "machine", "network", "mac", "since (UTC)", "seen");
        foreach (var p in query.Ports)
            foreach (var a in p.Declared.Addresses)
                table.AddRow(a.ToString(), $"[bold]{Markup.Escape(p.Declared.Machine)}[/]", Markup.Escape($"{p.Declared.Project}/{p.Declared.Network}"), p.Declared.Mac.ToString(),
                    $"{p.Declared.Since:yyyy-MM-dd HH:mm:ss}", p.Seen.Contains(a) ? "[green]yes[/]" : "");
        screen.Out.Write(table);
    }

    public void Write(Utf8JsonWriter w, ShowQuery query)
    {
        w.WriteStartArray(Name);
        foreach (var p in query.Ports)
            foreach (var a in p.Declared.Addresses)
            {
                w.WriteStartObject();
                w.WriteString("address", a.ToString());
                w.WriteString("machine", p.Declared.Machine);
                w.WriteString("project", p.Declared.Project);
                w.WriteString("network", p.Declared.Network);
                w.WriteString("mac", p.Declared.Mac.ToString());
                w.WriteString("since", p.Declared.Since);
                w.WriteBoolean("seen", p.Seen.Contains(a));
                w.WriteEndObject();
            }
        w.WriteEndArray();
    }
}
