using Spectre.Console;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>Forwards and floating addresses, with what went through them.</summary>
internal static class ForwardsView
{
    internal static void Print(Screen screen, ShowDocument state)
    {
        var table = Tables.New("network", "listen", "to", "connections", "packets", "bytes");
        foreach (var f in state.Forwards ?? [])
            table.AddRow(Markup.Escape($"{f.Project}/{f.Network}"), $"[bold]{Markup.Escape(f.Listen)}[/]", Markup.Escape(f.To), $"{f.Connections}", $"{f.Packets}", State.Bytes(f.Bytes));
        screen.Out.Write(table);
    }
}
