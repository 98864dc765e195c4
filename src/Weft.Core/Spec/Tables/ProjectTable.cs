using System.Collections.Immutable;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys of the file.</summary>
internal static class ProjectTable
{
    private static readonly Key<int> Version = new("version", new VersionShape(), "Version of the format: 1.") { Required = true };
    private static readonly Key<string> Name = new("name", Texts.Label, "The project. Applying touches only what belongs to it.") { Required = true };
    private static readonly Key<string> Domain = new("domain", Texts.Domain, "The DNS domain of its names: machine.network.domain.") { Default = "weft" };
    private static readonly Key<DriftPolicy> Drift = new("drift", new ChoiceShape<DriftPolicy>([("enforce", DriftPolicy.Enforce), ("warn", DriftPolicy.Warn), ("ignore", DriftPolicy.Ignore)]),
        "What weftd does when somebody changes on the host what is declared here: put it back, report it, or nothing.") { Default = "enforce" };
    private static readonly Key<ImmutableArray<NetworkSpec>> Networks = new("networks", NetworkTable.All, "Its networks, by name.");
    private static readonly Key<ImmutableArray<MachineSpec>> Machines = new("machines", MachineTable.All, "Its machines, by name.");

    private static readonly string[] Later = ["groups", "routers", "functions", "chains", "tunnels"];

    /// <summary>The whole file.</summary>
    public static readonly RecordShape<ProjectSpec> Shape = new("project", "A project: the networks and machines of one file.",
        [Version, Name, Domain, Drift, Networks, Machines, .. Later.Select(k => new ReservedKey(k))], Build);

    private static ProjectSpec Build(Fields f)
    {
        f.TryGet(Version, out _);
        return new ProjectSpec(f.Or(Name, ""), f.Or(Networks, []), f.Or(Machines, [])) { At = f.At, Domain = f.Or(Domain, "weft"), Drift = f.Or(Drift, DriftPolicy.Enforce) };
    }
}
