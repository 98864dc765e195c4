using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Engine;

namespace Weft.Cli.Commands;

/// <summary>weft show: the live state beside the declared one.</summary>
internal static class ShowCommand
{
    private static readonly IShowView[] Views = [new NetworksView(), new PortsView(), new LeasesView(), new AddressesView(), new ForwardsView()];

    internal static Command Build(GlobalOptions global)
    {
        var what = new Argument<string?>("what") { Description = "networks, ports, leases, addresses or forwards; networks and ports where nothing is named", Arity = ArgumentArity.ZeroOrOne };
        what.AcceptOnlyFromAmong([.. Views.Select(v => v.Name)]);
        var project = Arguments.Project(global);
        return new Command("show", "Show the live state beside the declared one") { what, project }.Does(global, c => Run(c, c.Get(what), c.Get(project)));
    }

    private static int Run(VerbContext context, string? what, string? project)
    {
        using var engine = WeftEngine.ToLook(context.Engine);
        if (project is not null && engine.Unknown(project) is { } unknown) return context.Fault([unknown], null);
        var query = new ShowQuery(engine, project, context.NetNs);
        IShowView[] views = what is not null ? [Views.First(v => v.Name == what)] : context.Screen.Json ? Views : [Views[0], Views[1]];
        if (context.Screen.Json)
            return Json.Print(true, [], ExitCode.Ok, w =>
            {
                foreach (var v in views) v.Write(w, query);
                ProposalJson.Write(w, engine.Store.Open());
            });
        context.TellOpen(engine);
        foreach (var v in views)
        {
            if (v != views[0]) context.Screen.Out.WriteLine();
            v.Print(context.Screen, query);
        }
        return ExitCode.Ok;
    }
}
