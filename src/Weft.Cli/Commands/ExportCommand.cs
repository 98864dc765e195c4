using System.CommandLine;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Diagnostics;
using Weft.Core.Export;
using Weft.Core.Spec;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft export: a project in another program's words.</summary>
internal static class ExportCommand
{
    internal static Command Build(GlobalOptions global) => new("export", "Write a project in another program's words; what it has no words for is listed")
    {
        Format(global, "libvirt", "Networks of libvirt over Weft's bridges, for virsh net-define", "Write a file NETWORK.xml for each into this directory", LibvirtExporter.Export),
        Format(global, "netplan", "The bridges as netplan's YAML", "Write it to this file", NetplanExporter.Export),
        Format(global, "json", "The project as JSON, which weft reads as well", "Write it to this file", s => new Exported([new ExportedFile(null, ProjectJson.Write(s.Project))], [])),
    };

    private static Command Format(GlobalOptions global, string format, string description, string outputs, Func<ExportSource, Exported> export)
    {
        var words = new Argument<string[]>("file and networks")
        {
            Description = "The project's file (- reads standard input; none with --project), and the networks; all where none is named",
            Arity = ArgumentArity.ZeroOrMore, HelpName = "[file] [network]", CompletionSources = { Names.Fixed(Names.Files), Names.Networks(global) },
        };
        var output = new Option<string?>("--output", "-o") { Description = outputs, HelpName = "PATH", CompletionSources = { Names.Fixed(Names.Files) } };
        var project = new Option<string?>("--project") { Description = "A project as it was applied last, instead of a file", HelpName = "NAME", CompletionSources = { Names.Projects(global) } };
        return new Command(format, description) { words, output, project }.Asks(global, c =>
        {
            var (given, faults) = (c.Get(words) ?? [], new DiagnosticBag());
            var source = c.Get(project) is { } name ? Stored(c, name, faults) : FromFile(given.FirstOrDefault(), faults);
            string[] networks = [.. given.Skip(c.Get(project) is null ? 1 : 0)];
            foreach (var n in networks) if (source?.Project.Networks.All(x => x.Name != n) == true) faults.Error("WEFT4003", Location.None, $"project {source.Project.Name} has no network {n}", Nearest.Hint(n, [.. source.Project.Networks.Select(x => x.Name)]));
            return source is null || faults.HasErrors ? c.Fault(faults.Items, null) : Print(c, export(source.Only(networks)), faults, c.Get(output));
        }, privileged: false);
    }

    private static ExportSource? FromFile(string? path, DiagnosticBag faults)
    {
        var source = SpecFile.Read(path, faults);
        return source is not null && SpecReader.Load(source.File, source.Text, faults) is { } spec ? new ExportSource(spec, new Dictionary<string, string>()) : null;
    }

    private static ExportSource? Stored(VerbContext context, string name, DiagnosticBag faults)
    {
        if (Answer<ProjectsDocument>(context.Host.Projects(name), faults) is not { Projects: [var project, ..] } || Answer<ShowDocument>(context.Host.Show(ShowParts.Networks, name), faults) is not { } state) return null;
        var given = (state.Networks ?? []).ToDictionary(n => n.Network, n => n.Bridge);
        return SpecReader.Read(project.File, project.Text!, faults) is { } spec ? new ExportSource(spec, given) : null;
    }

    private static T? Answer<T>(Document answer, DiagnosticBag faults) where T : Document
    {
        if (!answer.Ok) foreach (var d in answer.Diagnostics) faults.Add(d.ToDiagnostic());
        return answer as T;
    }

    private static int Print(VerbContext context, Exported exported, DiagnosticBag faults, string? output)
    {
        Diagnostic[] found = [.. faults.Items, .. exported.Findings];
        if (output is not null) foreach (var f in exported.Files) SafeFile.Write(f.Network is null ? output : Path.Combine(Folder(output), $"{f.Network}.xml"), Encoding.UTF8.GetBytes(f.Text));
        if (context.Screen.Json) return Json.Print(true, found, ExitCode.Ok, w => Write(w, exported));
        DiagnosticView.Print(context.Screen.Err, found, null);
        if (output is null) StandardStreams.Write(Encoding.UTF8.GetBytes(string.Concat(exported.Files.Select(f => f.Text))));
        else context.Screen.Out.MarkupLine($"wrote {exported.Files.Length} {(exported.Files.Length == 1 ? "file" : "files")}: {Markup.Escape(output)}");
        return ExitCode.Ok;
    }

    private static string Folder(string path) => Directory.Exists(path) ? path : throw new IOException($"there is no directory {path}: make it first");

    private static void Write(Utf8JsonWriter w, Exported exported) => Json.Objects(w, "files", exported.Files, f =>
    {
        w.WriteString("network", f.Network);
        w.WriteString("text", f.Text);
    });
}
