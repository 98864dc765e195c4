using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>Who has which address since when.</summary>
internal static class AddressesView
{
    internal static void Print(Screen screen, ShowDocument state)
    {
        var table = Tables.New("address", "machine", "network", "mac", "since (UTC)", "seen");
        foreach (var a in state.Addresses ?? [])
            table.AddRow(a.Address, $"[bold]{Markup.Escape(a.Machine)}[/]", Markup.Escape($"{a.Project}/{a.Network}"), a.Mac, a.Given ? $"{a.Since:yyyy-MM-dd HH:mm:ss}" : $"not given by Weft ({a.Source})", a.Seen ? "[green]yes[/]" : "");
        screen.Out.Write(table);
    }
}
