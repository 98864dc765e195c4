using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine;
using Weft.Engine.Adopt;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft adopt: takes a bridge that carries traffic over from whoever made it, without stopping what is on it.</summary>
internal static class AdoptCommand
{
    internal static Command Build(GlobalOptions global) => new("adopt", "Take a live bridge over, with its addresses and machines, without stopping them") { Libvirt(global), Bridge(global) };

    private static Command Libvirt(GlobalOptions global)
    {
        var names = new Argument<string[]>("networks") { Description = "Networks of libvirt that run; they become networks of one project", Arity = ArgumentArity.OneOrMore, HelpName = "network" };
        return With(global, new Command("libvirt", "Networks of libvirt: bridge and machines stay, DHCP, DNS, NAT and filters are Weft's from then on") { names },
            (c, project) => AdoptionSource.OfLibvirt(project ?? Label(c.Get(names)![0]), [.. c.Get(names)!.Distinct()], c.Engine.Root, c.Engine.Clock));
    }

    private static Command Bridge(GlobalOptions global)
    {
        var name = new Argument<string>("bridge") { Description = "A bridge that is not libvirt's", HelpName = "bridge" };
        var uplink = new Option<string?>("--uplink") { Description = "Its port to the outside, where more than one link may be it, or none looks like it", HelpName = "LINK" };
        return With(global, new Command("bridge", "A bridge made by hand, or by the host's own network configuration") { name, uplink },
            (c, project) => AdoptionSource.OfBridge(project ?? Label(c.Get(name)!), c.Get(name)!, c.Get(uplink)));
    }

    private static Command With(GlobalOptions global, Command command, Func<VerbContext, string?, AdoptionSource> read)
    {
        var project = new Option<string?>("--name") { Description = "The project's name; that of the network where none is given", HelpName = "NAME" };
        var output = new Option<string?>("--output", "-o") { Description = "Write the project's file there", HelpName = "FILE", CompletionSources = { Names.Fixed(Names.Files) } };
        var dry = new Option<bool>("--dry-run") { Description = "Show what would be done, and do nothing" };
        var (yes, confirm) = (Arguments.Yes(), new ConfirmArguments());
        foreach (var option in (Option[])[project, output, dry, yes]) command.Options.Add(option);
        confirm.AddTo(command);
        return command.Does(global, c => Run(c, read(c, c.Get(project)), c.Get(output), c.Get(dry), c.Get(yes), confirm));
    }

    private static int Run(VerbContext context, AdoptionSource adoption, string? output, bool dry, bool yes, ConfirmArguments confirm)
    {
        var imported = adoption.Imported;
        // Their places are in what libvirt wrote, not in the file that is made of it.
        ImmutableArray<Diagnostic> found = [.. imported.Findings.Select(f => f.Diagnostic with { Location = Location.None })];
        if (imported.HasErrors || !SpecText.IsLabel(imported.Project.Name)) return context.Fault([.. found, .. Unnamed(imported.Project.Name)], null);
        var source = new SpecSource(output ?? $"{imported.Project.Name}.yaml", imported.Yaml());
        var request = new AdoptRequest(source, adoption.Libvirt, found);
        if (dry) return Plan(context, request);
        var text = Encoding.UTF8.GetBytes(source.Text);
        if (output is not null) SafeFile.Try(output, text);
        var code = new ChangeFlow(context) { Yes = yes, Source = source.Text }.Run(confirm.Of(context, request));
        if (code == ExitCode.Ok && output is not null) SafeFile.Write(output, text);
        return code;
    }

    private static int Plan(VerbContext context, AdoptRequest request)
    {
        var plan = new EngineHost(context.Engine).Plan(request);
        var code = !plan.Ok ? ExitCode.Faults : ExitCode.Changes;
        if (context.Screen.Json) return Json.Print(plan, code);
        context.Tell(plan.Repaired);
        context.TellOpen(plan);
        PlanCommand.Print(context.Screen, plan, request.Source.Text);
        return code;
    }

    private static string Label(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');

    private static IEnumerable<Diagnostic> Unnamed(string name)
    {
        if (!SpecText.IsLabel(name)) yield return new("WEFT4013", Severity.Error, $"'{name}' cannot be a project's name", Location.None, "say one of a-z, 0-9 and '-' with --name");
    }
}
