using Spectre.Console;
using Weft.Core.Planning;
using Weft.Core.Resources;

namespace Weft.Cli.Rendering;

/// <summary>A plan as a coloured tree, grouped by network: + made, ~ changed, - removed, each with the reason.</summary>
internal static class PlanView
{
    internal static void Print(Screen screen, Plan plan)
    {
        var console = screen.Out;
        if (plan.IsEmpty)
        {
            console.MarkupLine($"[green]{Markup.Escape(plan.Project)}: the host is as declared, nothing to do[/]");
            return;
        }
        var tree = new Tree($"[bold]{Markup.Escape(plan.Project)}[/]: {Count(plan.Steps)}") { Guide = TreeGuide.Line };
        foreach (var network in plan.Steps.GroupBy(s => (s.After ?? s.Before)!.Network).OrderBy(g => g.Key, StringComparer.Ordinal))
            AddNetwork(tree, network.Key, [.. network], screen.Verbose);
        console.Write(tree);
    }

    /// <summary>"3 to add, 1 to change, 0 to remove".</summary>
    internal static string Count(IReadOnlyCollection<Step> steps) =>
        $"[green]{steps.Count(s => s.Before is null)} to add[/], [yellow]{steps.Count(s => s is { Before: not null, After: not null })} to change[/], [red]{steps.Count(s => s.After is null)} to remove[/]";

    private static void AddNetwork(Tree tree, string network, List<Step> steps, bool verbose)
    {
        var node = tree.AddNode(network.Length == 0 ? "the host" : $"[bold]{Markup.Escape(network)}[/]");
        foreach (var step in steps.Where(s => verbose || s.Key.Kind != ResourceKind.NftElement)) node.AddNode(Line(step));
        if (verbose) return;
        foreach (var sets in steps.Where(s => s.Key.Kind == ResourceKind.NftElement).GroupBy(Sign))
            node.AddNode($"{sets.Key} policy: {sets.Count()} element{(sets.Count() == 1 ? "" : "s")} of {Sets(sets)} [grey](-v lists them)[/]");
    }

    private static string Line(Step s)
    {
        var r = (s.After ?? s.Before)!;
        return $"{Sign(s)} {Kind(s.Key.Kind)} [bold]{Markup.Escape(s.Key.Name)}[/] {Markup.Escape(r.Summary)} [grey]({Markup.Escape(s.Why)})[/]";
    }

    private static string Sets(IEnumerable<Step> steps) => string.Join(", ", steps
        .Select(s => ((NftElementResource)(s.After ?? s.Before)!).Set).Distinct().Order(StringComparer.Ordinal).Select(Markup.Escape));

    private static string Sign(Step s) => s switch
    {
        { Before: null } => "[green]+[/]",
        { After: null } => "[red]-[/]",
        _ => "[yellow]~[/]",
    };

    private static string Kind(ResourceKind k) => k switch
    {
        ResourceKind.NftTable => "table",
        ResourceKind.NftElement => "element",
        ResourceKind.HostFile => "file",
        ResourceKind.DhcpScope => "dhcp",
        ResourceKind.DhcpHost => "name",
        _ => k.ToString().ToLowerInvariant(),
    };
}
