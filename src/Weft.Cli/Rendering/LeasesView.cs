using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>What DHCP has given out, to declared machines and to others.</summary>
internal static class LeasesView
{
    internal static void Print(Screen screen, ShowDocument state)
    {
        var table = Tables.New("address", "name", "network", "mac", "expires (UTC)");
        foreach (var l in state.Leases ?? [])
            table.AddRow(l.Address, $"[bold]{Markup.Escape(l.Name ?? "")}[/]", Markup.Escape(l.Network ?? ""), l.Mac ?? "", l.Expires is { } e ? $"{e:yyyy-MM-dd HH:mm:ss}" : "never");
        screen.Out.Write(table);
    }
}
