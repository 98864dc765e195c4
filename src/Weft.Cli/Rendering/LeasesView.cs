using System.Text.Json;
using Spectre.Console;

namespace Weft.Cli.Rendering;

/// <summary>What DHCP has given out, to declared machines and to others.</summary>
internal sealed class LeasesView : IShowView
{
    public string Name => "leases";

    public void Print(Screen screen, ShowQuery query)
    {
        var table = Tables.New("address", "name", "network", "mac", "expires (UTC)");
        foreach (var l in query.Leases)
            table.AddRow(l.Address.ToString(), $"[bold]{Markup.Escape(l.Name)}[/]", Markup.Escape(l.Network), $"{l.Mac}", l.Expires is { } e ? $"{e:yyyy-MM-dd HH:mm:ss}" : "never");
        screen.Out.Write(table);
    }

    public void Write(Utf8JsonWriter w, ShowQuery query)
    {
        Json.Objects(w, Name, query.Leases, l =>
        {
            w.WriteString("address", l.Address.ToString());
            w.Text("name", l.Name);
            w.Text("network", l.Network);
            w.Text("bridge", l.Link);
            w.Text("mac", l.Mac?.ToString());
            w.Text("clientId", l.ClientId);
            w.Time("expires", l.Expires);
        });
    }
}
