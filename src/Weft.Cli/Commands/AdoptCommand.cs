using System.CommandLine;
using System.Text;
using Spectre.Console;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine;
using Weft.Engine.Adopt;

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
        if (imported.HasErrors || !SpecText.IsLabel(imported.Project.Name)) return context.Fault([.. imported.Findings.Select(f => f.Diagnostic), .. Unnamed(imported.Project.Name)], null);
        var source = new SpecSource(output ?? $"{imported.Project.Name}.yaml", imported.Yaml());
        if (!context.Screen.Json) DiagnosticView.Print(context.Screen.Err, [.. imported.Findings.Select(f => f.Diagnostic)], null);
        if (dry) return Plan(context, adoption, source);
        var (wait, probe) = confirm.Read(context);
        return new ChangeFlow(context, $"adopt {imported.Project.Name}", e => e.ProposeAdoption(source, adoption.Libvirt))
        {
            Yes = yes, Confirm = wait, Probe = probe, Source = source.Text,
            Done = _ => Write(context, source, output),
            DoneJson = (w, _) =>
            {
                if (output is not null) SafeFile.Write(output, Encoding.UTF8.GetBytes(source.Text));
                w.WriteString("yaml", source.Text);
            },
        }.Run();
    }

    private static int Plan(VerbContext context, AdoptionSource adoption, SpecSource source)
    {
        using var engine = WeftEngine.ToCompare(context.Engine, "adopt --dry-run");
        return PlanCommand.Print(context, engine, engine.ProposeAdoption(source, adoption.Libvirt), source.Text);
    }

    private static void Write(VerbContext context, SpecSource source, string? output)
    {
        if (output is null) return;
        SafeFile.Write(output, Encoding.UTF8.GetBytes(source.Text));
        context.Screen.Out.MarkupLine($"wrote {Markup.Escape(output)}");
    }

    private static string Label(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');

    private static IEnumerable<Diagnostic> Unnamed(string name)
    {
        if (!SpecText.IsLabel(name)) yield return new("WEFT4013", Severity.Error, $"'{name}' cannot be a project's name", Location.None, "say one of a-z, 0-9 and '-' with --name");
    }
}
