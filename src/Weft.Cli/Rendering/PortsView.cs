using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>Ports of machines.</summary>
internal static class PortsView
{
    internal static void Print(Screen screen, ShowDocument state)
    {
        var table = Tables.New("machine", "network", "tap", "state", "mac", "addresses", "seen", "received", "sent");
        foreach (var p in state.Ports ?? [])
            table.AddRow($"[bold]{Markup.Escape(p.Machine)}[/]", Markup.Escape($"{p.Project}/{p.Network}"), Markup.Escape(p.Tap), State.Colour(p.State),
                p.Mac, string.Join(' ', p.Addresses), string.Join(' ', p.Seen), State.Bytes(p.RxBytes), State.Bytes(p.TxBytes));
        screen.Out.Write(table);
    }
}
