using System.Text.Json;
using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>Networks.</summary>
internal sealed class NetworksView : IShowView
{
    public string Name => "networks";

    public void Print(Screen screen, ShowQuery query)
    {
        var table = Tables.New("project", "network", "mode", "bridge", "state", "mtu", "subnets", "uplink", "ports up");
        foreach (var n in query.Networks)
            table.AddRow(Markup.Escape(n.Declared.Project), $"[bold]{Markup.Escape(n.Declared.Network)}[/]", n.Declared.Mode, Markup.Escape(n.Declared.Bridge), State.Colour(n.State), $"{n.Mtu}",
                string.Join(' ', n.Declared.Subnets), Markup.Escape(string.Join(' ', n.Declared.Uplinks)), $"{n.PortsUp}/{n.Ports}");
        screen.Out.Write(table);
    }

    public void Write(Utf8JsonWriter w, ShowQuery query)
    {
        Json.Objects(w, Name, query.Networks, n =>
        {
            w.WriteString("project", n.Declared.Project);
            w.WriteString("network", n.Declared.Network);
            w.WriteString("mode", n.Declared.Mode);
            w.WriteString("bridge", n.Declared.Bridge);
            w.WriteString("mac", n.Declared.Mac.ToString());
            w.WriteString("state", n.State);
            w.Number("mtu", n.Mtu);
            Json.Strings(w, "subnets", n.Declared.Subnets.Select(s => s.ToString()));
            Json.Strings(w, "uplinks", n.Declared.Uplinks);
            Json.Strings(w, "addresses", n.Addresses.Select(s => s.ToString()));
            w.WriteNumber("ports", n.Ports);
            w.WriteNumber("portsUp", n.PortsUp);
        });
    }
}
