using System.CommandLine;
using Weft.Cli.Rendering;
using Weft.Core.Spec;

namespace Weft.Cli.Commands;

/// <summary>weft schema: the JSON Schema of project files, for editors.</summary>
internal static class SchemaCommand
{
    internal static Command Build(GlobalOptions global) => new Command("schema", "Print the JSON Schema of project files, for editors").Does(global, c =>
    {
        if (c.Screen.Json) return Json.Print(true, [], ExitCode.Ok, w => Json.Member(w, "schema", SpecSchema.Json()));
        Console.Out.Write(SpecSchema.Json());
        return ExitCode.Ok;
    }, privileged: false);
}
