using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Spec;

namespace Weft.Core.Export;

/// <summary>A file for another program.</summary>
/// <param name="Network">The network it is about; null for a file about all.</param>
/// <param name="Text">What is in it.</param>
public sealed record ExportedFile(string? Network, string Text);

/// <summary>Files for another program, and what of the project is not in them.</summary>
public sealed record Exported(ImmutableArray<ExportedFile> Files, ImmutableArray<Diagnostic> Findings);

/// <summary>What is to be handed over.</summary>
/// <param name="Project">The project.</param>
/// <param name="Bridges">Links of its networks as they were made, by name of the network; empty when it is only a file.</param>
public sealed record ExportSource(ProjectSpec Project, IReadOnlyDictionary<string, string> Bridges)
{
    /// <summary>The network's bridge: as made, as the file names it, or as Weft would name it first.</summary>
    public string Bridge(NetworkSpec n) => Bridges.GetValueOrDefault(n.Name) ?? n.Bridge ?? LinkNames.Make("wb-", n.Name, $"{Project.Name}/{n.Name}", _ => false);

    /// <summary>The bridge's name is a guess: the host may have a link of that name already.</summary>
    public bool IsGuess(NetworkSpec n) => !Bridges.ContainsKey(n.Name) && n.Bridge is null;

    /// <summary>The ports of machines on a network.</summary>
    public IEnumerable<PortSpec> Ports(NetworkSpec n) => Project.Machines.SelectMany(m => m.Ports).Where(p => p.Network == n.Name);

    /// <summary>The same with some of its networks alone, and the ports on them; none named means all.</summary>
    public ExportSource Only(IReadOnlyCollection<string> networks) => networks.Count == 0 ? this : this with
    {
        Project = Project with
        {
            Networks = [.. Project.Networks.Where(n => networks.Contains(n.Name))],
            Machines = [.. Project.Machines.Select(m => m with { Ports = [.. m.Ports.Where(p => networks.Contains(p.Network))] }).Where(m => !m.Ports.IsEmpty)],
        },
    };
}

/// <summary>Takes what is not in the files.</summary>
internal sealed class Losses
{
    private readonly DiagnosticBag _bag = new();

    /// <summary>All, in the order found.</summary>
    public ImmutableArray<Diagnostic> All => [.. _bag.Items];

    /// <summary>Something that the other program has no words for.</summary>
    public void Lost(NetworkSpec n, string what, string? hint) => _bag.Warn(Import.ImportCodes.NotExpressed, n.At, $"network {n.Name}: {what}", hint);

    /// <summary>Worth knowing.</summary>
    public void Say(NetworkSpec n, string what, string? hint) => _bag.Add(new Diagnostic(Import.ImportCodes.Note, Severity.Info, $"network {n.Name}: {what}", n.At, hint));
}
