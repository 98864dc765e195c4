using System.CommandLine;
using System.Text;
using Spectre.Console;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Core.Export;
using Weft.Core.Import;
using Weft.Core.Import.Ifupdown;
using Weft.Core.Import.Libvirt;
using Weft.Core.Import.Netplan;
using Weft.Core.Spec;

namespace Weft.Cli.Commands;

/// <summary>weft import: a project's file made of what another program was told.</summary>
internal static class ImportCommand
{
    internal static Command Build(GlobalOptions global) => new("import", "Make a project's file of another program's configuration; what has no counterpart is listed")
    {
        Libvirt(global),
        Format(global, "netplan", "Bridges of netplan's YAML; several files are merged as netplan does", NetplanImporter.Import),
        Format(global, "ifupdown", "Bridges of /etc/network/interfaces", (name, sources) => IfupdownImporter.Import(name, sources, proxmox: false)),
        Format(global, "proxmox", "Bridges of a Proxmox VE host's /etc/network/interfaces", (name, sources) => IfupdownImporter.Import(name, sources, proxmox: true)),
    };

    private static Command Libvirt(GlobalOptions global)
    {
        var (files, output, name) = (Files(ArgumentArity.ZeroOrMore), Output(), Name("libvirt"));
        var live = new Option<bool>("--live") { Description = "Read what libvirtd has defined and runs, from /etc/libvirt/qemu/networks and /run/libvirt/network" };
        var root = new Option<DirectoryInfo?>("--root") { Description = "With --live: the directory to take for /", Hidden = true };
        return new Command("libvirt", "Networks of libvirt: its XML, as virsh net-dumpxml prints it") { files, live, root, output, name }.Does(global, c =>
        {
            var paths = c.Get(files) ?? [];
            if (c.Get(live) == (paths.Length > 0)) return c.Fail("name files, or say --live", null);
            return Run(c, c.Get(output), faults => c.Get(live)
                ? LibvirtImporter.Import(c.Get(name)!, ImportFiles.Read(LibvirtFiles.Defined(c.Get(root)), faults), ImportFiles.Read(LibvirtFiles.Running(c.Get(root)), faults))
                : LibvirtImporter.Import(c.Get(name)!, ImportFiles.Read(paths, faults)));
        }, privileged: false);
    }

    private static Command Format(GlobalOptions global, string format, string description, Func<string, IEnumerable<ImportSource>, Imported> import)
    {
        var (files, output, name) = (Files(ArgumentArity.OneOrMore), Output(), Name(format));
        return new Command(format, description) { files, output, name }.Does(global, c => Run(c, c.Get(output), faults => import(c.Get(name)!, ImportFiles.Read(c.Get(files) ?? [], faults))), privileged: false);
    }

    private static Argument<string[]> Files(ArgumentArity arity) => new("files") { Description = "The files; - reads standard input", Arity = arity, HelpName = "file", CompletionSources = { Names.Fixed(Names.Files) } };

    private static Option<string?> Output() => new("--output", "-o") { Description = "Write the project's file there instead of to standard output", HelpName = "FILE", CompletionSources = { Names.Fixed(Names.Files) } };

    private static Option<string> Name(string usual) => new("--name")
    {
        Description = $"The project's name; {usual} where none is given", HelpName = "NAME", DefaultValueFactory = _ => usual,
        CustomParser = r =>
        {
            if (!SpecText.IsLabel(r.Tokens[0].Value)) r.AddError($"--name {r.Tokens[0].Value}: a project's name is of a-z, 0-9 and '-', at most 63 long");
            return r.Tokens[0].Value;
        },
    };

    private static int Run(VerbContext context, string? output, Func<DiagnosticBag, Imported> import)
    {
        var faults = new DiagnosticBag();
        var imported = import(faults);
        Diagnostic[] found = [.. faults.Items, .. imported.Findings.Select(f => f.Diagnostic)];
        var code = faults.HasErrors || imported.HasErrors ? ExitCode.Faults : ExitCode.Ok;
        // Of what cannot be read nothing is left to be written.
        var unread = faults.HasErrors || (imported.HasErrors && imported.Project.Networks.IsEmpty);
        if (output is not null && !unread) SafeFile.Write(output, Encoding.UTF8.GetBytes(imported.Yaml()));
        if (context.Screen.Json) return PrintJson(imported, found, code);
        DiagnosticView.Print(context.Screen.Err, found, null);
        if (unread) return code;
        if (output is null) StandardStreams.Write(Encoding.UTF8.GetBytes(imported.Yaml()));
        else context.Screen.Out.MarkupLine($"wrote {Markup.Escape(output)}: {imported.Project.Networks.Length} networks, {imported.Project.Machines.Length} machines");
        return code;
    }

    private static int PrintJson(Imported imported, Diagnostic[] found, int code) => Json.Print(code == ExitCode.Ok, found, code, w =>
    {
        Json.Member(w, "project", ProjectJson.Write(imported.Project));
        Json.Objects(w, "findings", imported.Findings, f =>
        {
            w.WriteString("network", f.Network);
            Json.Write(w, f.Diagnostic);
        });
        w.WriteString("yaml", imported.Yaml());
    });
}
