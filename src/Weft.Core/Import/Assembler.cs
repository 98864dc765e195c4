using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import;

/// <summary>
/// Makes a project of drafts: names are settled, machines of one name on several networks become one machine with several ports, and a network that does not go
/// with those before it is left out, with the validator's own words, so that what is left has no faults.
/// </summary>
internal sealed class Assembler(string name, Notes files)
{
    private const int LongestName = 63;

    /// <summary>The project and all findings: those about files first, then network by network.</summary>
    public Imported Assemble(IEnumerable<Draft> drafts)
    {
        List<Draft> all = [.. drafts], good = [.. Named(all.Where(d => !d.Notes.HasErrors))];
        var project = Project(good);
        for (var faults = Faults(project); faults.HasErrors; faults = Faults(project))
        {
            good = WithoutFaulty(good, faults);
            project = Project(good);
        }
        foreach (var d in good) TellDomain(d, project.Domain);
        return new Imported(project, [.. Findings(all, good), .. Warnings(project, good)]);
    }

    private static IEnumerable<Draft> Named(IEnumerable<Draft> drafts)
    {
        var taken = new HashSet<string>();
        foreach (var d in drafts)
        {
            var label = Labels.Free(Labels.Of(d.Network.Name) is { Length: > 0 } l ? l : "network", taken.Contains);
            taken.Add(label);
            if (label != d.Network.Name) d.Notes.Renamed(d.Network.At, $"its name in the project is {label}", "names become DNS names, and each network has its own");
            yield return d with { Network = d.Network with { Name = label }, Machines = [.. d.Machines.Select(m => m with { Port = m.Port with { Network = label } })] };
        }
    }

    private ProjectSpec Project(List<Draft> drafts)
    {
        var machines = drafts.SelectMany(d => d.Machines).GroupBy(m => m.Name).Select(g => new MachineSpec(g.Key, [.. g.Select(m => m.Port)]) { At = g.First().Port.At });
        return new ProjectSpec(name, [.. drafts.Select(d => d.Network)], [.. machines]) { Domain = Domain(drafts) ?? "weft" };
    }

    /// <summary>machine.network.domain is the same as before where the old domain began with the network's name; else the domain is the nearest there is.</summary>
    private static string? Domain(List<Draft> drafts) =>
        drafts.Where(d => d.Domain is not null).Select(d => Rest(d) ?? d.Domain).FirstOrDefault(d => d!.Length <= 253 - 2 * (LongestName + 1));

    private static string? Rest(Draft d) => d.Domain!.StartsWith(d.Network.Name + ".", StringComparison.Ordinal) ? d.Domain[(d.Network.Name.Length + 1)..] : null;

    private static void TellDomain(Draft d, string domain)
    {
        if (d.Domain is null || d.Domain == $"{d.Network.Name}.{domain}") return;
        d.Notes.Changed(d.Network.At, $"names were machine.{d.Domain}, and are machine.{d.Network.Name}.{domain}", "a project has one domain, and each network a part of it: the key domain, and dns.records for names that must stay");
    }

    private static DiagnosticBag Faults(ProjectSpec project)
    {
        var faults = new DiagnosticBag();
        SpecValidator.Validate(project, faults);
        return faults;
    }

    private static List<Draft> WithoutFaulty(List<Draft> drafts, DiagnosticBag faults)
    {
        var owners = Owners(drafts);
        var faulty = new HashSet<Draft>(ReferenceEqualityComparer.Instance);
        foreach (var f in faults.Items.Where(f => f.Severity == Severity.Error))
        {
            var owner = owners.GetValueOrDefault(f.Location) ?? drafts[^1];
            if (faulty.Add(owner)) owner.Notes.LeftOut(owner.Network.At, "left out: it does not go with Weft's rules, or with the networks before it", "the other findings about it say why; change the source, or add the network by hand");
            owner.Notes.Add(f);
        }
        return [.. drafts.Where(d => !faulty.Contains(d))];
    }

    // Every place that a rule may name, and whose it is; a place that two share is the later one's, which is the one in the way.
    private static Dictionary<Location, Draft> Owners(List<Draft> drafts)
    {
        var owners = new Dictionary<Location, Draft>();
        foreach (var d in drafts)
        {
            owners[d.Network.At] = d;
            if (d.Network is BridgeNetworkSpec { Uplink: { } u }) owners[u.At] = d;
            foreach (var s in d.Network.Subnets) owners[s.At] = d;
            foreach (var r in d.Network.Routes) owners[r.At] = d;
            foreach (var m in d.Machines) owners[m.Port.At] = d;
        }
        return owners;
    }

    private IEnumerable<Finding> Findings(List<Draft> all, List<Draft> good)
    {
        var kept = good.ToDictionary(d => d.Notes, d => d.Network.Name);
        foreach (var d in files.Items) yield return new Finding(null, d);
        foreach (var d in all) foreach (var item in d.Notes.Items) yield return new Finding(kept.GetValueOrDefault(d.Notes), item);
    }

    private static IEnumerable<Finding> Warnings(ProjectSpec project, List<Draft> drafts)
    {
        var owners = Owners(drafts);
        return Faults(project).Items.Select(d => new Finding(owners.GetValueOrDefault(d.Location)?.Network.Name, d));
    }
}
