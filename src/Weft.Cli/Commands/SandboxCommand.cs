using System.CommandLine;

namespace Weft.Cli.Commands;

internal static class SandboxCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var c = new Command("sandbox", "x");
        c.SetAction(p => { Console.WriteLine(p.GetValue(global.Json)); return 0; });
        return c;
    }
}
