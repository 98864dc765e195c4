using System.Text;
using Weft.Core.Diagnostics;
using Weft.Core.Resources;

namespace Weft.Core.Planning;

/// <summary>One line of a plan.</summary>
/// <param name="Sign">'+' make, '~' change, '-' remove.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is like.</param>
/// <param name="Why">The reason.</param>
public sealed record PlanLine(char Sign, string Kind, string Name, string Summary, string Why)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Sign} {Kind} {Name}{Space(Summary)} ({Why})";

    private static string Space(string summary) => summary.Length == 0 || summary.StartsWith(':') ? summary : $" {summary}";
}

/// <summary>The lines of one network; "" is what serves the whole host.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Lines">In the order of acting.</param>
public sealed record PlanGroup(string Network, IReadOnlyList<PlanLine> Lines);

/// <summary>A plan for people: plain text, and the lines that a coloured view is made of.</summary>
public static class PlanText
{
    /// <summary>The plan's lines by network, the host's own last.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="elements">Each element of a set on a line of its own; otherwise one line for all that are made, one for all that go.</param>
    public static IReadOnlyList<PlanGroup> Groups(Plan plan, bool elements) =>
        [.. plan.Steps.GroupBy(NetworkOf).OrderBy(g => g.Key.Length == 0).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new PlanGroup(g.Key, [.. Lines(g, elements)]))];

    /// <summary>The plan as a plain tree, with its remarks.</summary>
    public static string Render(Plan plan, bool elements = false)
    {
        var text = new StringBuilder();
        foreach (var note in plan.Notes) text.Append(note).Append('\n');
        if (plan.Notes.Any(n => n.Severity == Severity.Error)) return text.Append($"{plan.Project}: nothing is done until that is mended\n").ToString();
        if (plan.IsEmpty) return text.Append($"{plan.Project}: nothing to do\n").ToString();
        text.Append($"{plan.Project}: {Count(plan)}\n");
        foreach (var group in Groups(plan, elements))
        {
            text.Append($"  {(group.Network.Length == 0 ? "the host" : group.Network)}\n");
            foreach (var line in group.Lines) text.Append($"    {line}\n");
        }
        return text.ToString();
    }

    private static string Count(Plan plan) =>
        $"{plan.Steps.Count(s => s.Before is null)} to add, {plan.Steps.Count(s => s is { Before: not null, After: not null })} to change, {plan.Steps.Count(s => s.After is null)} to remove";

    private static string NetworkOf(Step s) => (s.After ?? s.Before)!.Network;

    private static IEnumerable<PlanLine> Lines(IEnumerable<Step> steps, bool elements)
    {
        if (elements) return steps.Select(Line);
        return steps.GroupBy(s => s.Key.Kind == ResourceKind.NftElement ? (Sign(s), default) : (default(char), s.Key))
            .Select(run => run.First().Key.Kind == ResourceKind.NftElement ? Policy([.. run]) : Line(run.Single()));
    }

    private static PlanLine Policy(List<Step> run) => new(Sign(run[0]), "policy", run.Count == 1 ? "1 element" : $"{run.Count} elements",
        $"of {string.Join(", ", run.Select(Set).Distinct().Order(StringComparer.Ordinal))}", string.Join(", ", run.Select(s => s.Why).Distinct().Take(2)));

    private static string Set(Step s) => (s.After ?? s.Before) is NftElementResource e ? e.Set : "";

    private static PlanLine Line(Step s)
    {
        var r = (s.After ?? s.Before)!;
        return new(Sign(s), Word(r.Key.Kind), r.Key.Name, r.Summary, s.Why);
    }

    private static char Sign(Step s) => s.Before is null ? '+' : s.After is null ? '-' : '~';

    /// <summary>The kind in a word of people's.</summary>
    public static string Word(ResourceKind kind) => kind switch
    {
        ResourceKind.NftTable => "table",
        ResourceKind.NftElement => "element",
        ResourceKind.HostFile => "file",
        ResourceKind.GuestLink => "port",
        ResourceKind.LibvirtNetwork => "libvirt",
        ResourceKind.DhcpScope => "dhcp",
        ResourceKind.DhcpHost => "name",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
