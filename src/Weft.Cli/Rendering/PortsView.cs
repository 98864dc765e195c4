using System.Text.Json;
using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Ports of machines, with what QEMU is told.</summary>
internal sealed class PortsView : IShowView
{
    public string Name => "ports";

    public void Print(Screen screen, ShowQuery query)
    {
        var table = Tables.New("machine", "network", "tap", "state", "mac", "addresses", "seen", "received", "sent");
        foreach (var p in query.Ports)
            table.AddRow($"[bold]{Markup.Escape(p.Declared.Machine)}[/]", Markup.Escape($"{p.Declared.Project}/{p.Declared.Network}"), Markup.Escape(p.Declared.Port), State.Colour(p.State),
                p.Declared.Mac.ToString(), string.Join(' ', p.Declared.Addresses), string.Join(' ', p.Seen), State.Bytes(p.RxBytes), State.Bytes(p.TxBytes));
        screen.Out.Write(table);
    }

    public void Write(Utf8JsonWriter w, ShowQuery query)
    {
        Json.Objects(w, Name, query.Ports, p =>
        {
            PortHints.Write(w, p.Declared, p.Bridge, query.NetNs);
            w.WriteString("state", p.State);
            w.Number("mtu", p.Mtu);
            w.Number("rxBytes", (long?)p.RxBytes);
            w.Number("txBytes", (long?)p.TxBytes);
            Json.Strings(w, "seen", p.Seen.Select(a => a.ToString()));
        });
    }
}
