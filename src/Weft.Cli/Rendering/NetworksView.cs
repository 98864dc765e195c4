using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>Networks.</summary>
internal static class NetworksView
{
    internal static void Print(Screen screen, ShowDocument state)
    {
        var table = Tables.New("project", "network", "mode", "bridge", "state", "mtu", "subnets", "uplink", "ports up");
        foreach (var n in state.Networks ?? [])
            table.AddRow(Markup.Escape(n.Project), $"[bold]{Markup.Escape(n.Network)}[/]", n.Mode, Markup.Escape(n.Bridge), State.Colour(n.State), $"{n.Mtu}",
                string.Join(' ', n.Subnets), Markup.Escape(string.Join(' ', n.Uplinks)), $"{n.PortsUp}/{n.Ports}");
        screen.Out.Write(table);
    }
}
