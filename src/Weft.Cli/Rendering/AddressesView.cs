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
        Json.Objects(w, Name, query.Ports.SelectMany(p => p.Declared.Addresses, (p, a) => (Port: p, Address: a)), x =>
        {
            w.WriteString("address", x.Address.ToString());
            w.WriteString("machine", x.Port.Declared.Machine);
            w.WriteString("project", x.Port.Declared.Project);
            w.WriteString("network", x.Port.Declared.Network);
            w.WriteString("mac", x.Port.Declared.Mac.ToString());
            w.WriteString("since", x.Port.Declared.Since);
            w.WriteBoolean("seen", x.Port.Seen.Contains(x.Address));
        });
    }
}
