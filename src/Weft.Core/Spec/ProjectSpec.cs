using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec;

/// <summary>What a running daemon does about drift: what others change on the host of what a project declares.</summary>
public enum DriftPolicy
{
    /// <summary>It is put back.</summary>
    Enforce,
    /// <summary>It is reported and left.</summary>
    Warn,
    /// <summary>Nobody looks.</summary>
    Ignore,
}

/// <summary>A file as read: one project with its networks and machines. Immutable; printing and reading it again gives an equal one.</summary>
public sealed record ProjectSpec(string Name, ImmutableArray<NetworkSpec> Networks, ImmutableArray<MachineSpec> Machines)
{
    /// <summary>Version of the file format: 1.</summary>
    public int Version { get; init; } = 1;
    /// <summary>The DNS domain under which names live; web1.dev.weft for machine web1 on network dev.</summary>
    public string Domain { get; init; } = "weft";
    /// <summary>What a running daemon does about drift.</summary>
    public DriftPolicy Drift { get; init; }
    /// <summary>Where the file is, for diagnostics.</summary>
    public Location At { get; init; }

    /// <summary>
    /// The same without machines: all that a port is built from which the file does not declare, and as quick to read however many machines there are. Forwards
    /// may name machines that are not in it, so it is not to be validated.
    /// </summary>
    public ProjectSpec Sketch() => this with { Machines = [] };
}
