using System.Text.Json;
using Spectre.Console;
using Weft.Cli.Rendering;

namespace Weft.Cli.Sandbox;

/// <summary>What a sandbox is made of, and what to type next.</summary>
internal static class SandboxView
{
    internal static int Made(Screen screen, SandboxLayout layout, bool isNew)
    {
        if (screen.Json) return Json.Print(true, [], ExitCode.Ok, w => Write(w, layout, isNew));
        Picture(screen.Out, layout, isNew);
        Next(screen.Out, layout.Name);
        return ExitCode.Ok;
    }

    internal static int Removed(Screen screen, string name, bool was)
    {
        if (screen.Json) return Json.Print(true, [], ExitCode.Ok, w => w.WriteBoolean("removed", was));
        screen.Out.MarkupLine(was ? $"[green]sandbox {Markup.Escape(name)} is removed[/], with everything that ran in it" : $"there is no sandbox {Markup.Escape(name)}: nothing to do");
        return ExitCode.Ok;
    }

    internal static int List(Screen screen, IReadOnlyList<SandboxHost> sandboxes)
    {
        if (screen.Json) return Json.Print(true, [], ExitCode.Ok, w => WriteList(w, sandboxes));
        if (sandboxes.Count == 0) screen.Out.MarkupLine("no sandbox: [bold]weft sandbox up[/] makes one");
        foreach (var s in sandboxes)
            screen.Out.MarkupLine($"[bold]{Markup.Escape(s.Layout.Name)}[/]  {(s.IsUp ? "[green]up[/]" : "[red]incomplete[/] (weft sandbox up mends it, down removes it)")}  {s.Processes} processes in it");
        return ExitCode.Ok;
    }

    private static void Picture(IAnsiConsole console, SandboxLayout layout, bool isNew)
    {
        console.MarkupLine($"[green]sandbox {Markup.Escape(layout.Name)} is up[/]{(isNew ? "" : " already")}: a host to try things in; this machine's own network is not touched");
        var host = new Table().Border(TableBorder.None).HideHeaders().AddColumns("namespace", "link", "what");
        host.AddRow($"  [bold]{Markup.Escape(layout.Name)}[/]", "eth0", $"{SandboxLayout.HostAddress}/24 {SandboxLayout.HostAddress6}/64, default routes: the internet");
        host.AddRow("", "eth1", $"{SandboxLayout.OfficeHost}/24 {SandboxLayout.OfficeHost6}/64: the office LAN");
        host.AddRow($"  [bold]{Markup.Escape(layout.World)}[/]", "wan", $"{SandboxLayout.RouterAddress} {SandboxLayout.RouterAddress6}: router and DNS behind eth0");
        host.AddRow("", "office", $"{SandboxLayout.OfficeRouter} {SandboxLayout.OfficeRouter6}: router, DHCP, RA and DNS behind eth1");
        host.AddRow("", "lo", $"{SandboxLayout.WebAddress} {SandboxLayout.WebAddress6}: http://{SandboxLayout.WebName}");
        console.Write(host);
    }

    private static void Next(IAnsiConsole console, string name)
    {
        console.MarkupLine("[grey]next:[/]");
        foreach (var line in new[]
        {
            $"weft --netns {name} plan examples/first.yaml",
            $"weft --netns {name} apply examples/first.yaml",
            $"weft sandbox exec {name} -- ping -c 1 {SandboxLayout.WebName}",
            $"weft sandbox down {name}",
        }) console.MarkupLine($"  {Markup.Escape(line)}");
    }

    private static void Write(Utf8JsonWriter w, SandboxLayout layout, bool isNew)
    {
        w.WriteStartObject("sandbox");
        w.WriteString("name", layout.Name);
        w.WriteBoolean("new", isNew);
        w.WriteString("netns", layout.Name);
        w.WriteString("world", layout.World);
        Json.Strings(w, "eth0", [$"{SandboxLayout.HostAddress}/24", $"{SandboxLayout.HostAddress6}/64"]);
        Json.Strings(w, "eth1", [$"{SandboxLayout.OfficeHost}/24", $"{SandboxLayout.OfficeHost6}/64"]);
        Json.Strings(w, "web", [SandboxLayout.WebAddress, SandboxLayout.WebAddress6]);
        w.WriteString("webName", SandboxLayout.WebName);
        w.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter w, IReadOnlyList<SandboxHost> sandboxes)
    {
        Json.Objects(w, "sandboxes", sandboxes, s =>
        {
            w.WriteString("name", s.Layout.Name);
            w.WriteBoolean("up", s.IsUp);
            w.WriteNumber("processes", s.Processes);
        });
    }
}
