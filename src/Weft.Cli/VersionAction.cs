using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Weft.Cli.Rendering;

namespace Weft.Cli;

/// <summary>weft --version, also as a JSON document.</summary>
internal sealed class VersionAction(GlobalOptions options) : SynchronousCommandLineAction
{
    private static string Version => typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.GetValue(options.Json)) return Json.Print(true, [], ExitCode.Ok, w => w.WriteString("version", Version));
        Console.Out.WriteLine(Version);
        return ExitCode.Ok;
    }
}
