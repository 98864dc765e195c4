using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft show: the live state beside the declared one.</summary>
internal static class ShowCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var what = new Argument<string?>("what") { Description = "networks, ports, leases, addresses or forwards; networks and ports where nothing is named", Arity = ArgumentArity.ZeroOrOne };
        what.AcceptOnlyFromAmong([.. ShowView.All.Select(v => v.Name)]);
        var project = Arguments.Project(global);
        return new Command("show", "Show the live state beside the declared one") { what, project }.Asks(global, c => Run(c, c.Get(what), c.Get(project)));
    }

    private static int Run(VerbContext context, string? what, string? project)
    {
        var views = what is not null ? [ShowView.All.First(v => v.Name == what)] : context.Screen.Json ? ShowView.All : ShowView.All[..2];
        var answer = context.Host.Show(views.Aggregate(default(ShowParts), (parts, v) => parts | v.Part), project);
        if (answer is not ShowDocument state) return context.Fault(answer, null);
        if (context.Screen.Json) return Json.Print(state, ExitCode.Ok);
        context.TellOpen(state);
        foreach (var v in views)
        {
            if (v != views[0]) context.Screen.Out.WriteLine();
            v.Print(context.Screen, state);
        }
        return ExitCode.Ok;
    }
}
