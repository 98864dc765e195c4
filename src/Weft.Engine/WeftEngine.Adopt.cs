using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Host;
using Weft.Linux.Route;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>Works out what it takes to take bridges of somebody else's over, with all that is on them: nothing of them is made anew, and what is set otherwise is in the plan.</summary>
    /// <param name="source">The file that declares them, each with its bridge's name.</param>
    /// <param name="libvirt">Names of libvirt's networks, by the project's networks; a bridge that is none of libvirt's is left out.</param>
    /// <param name="remarks">What is to be known about the file.</param>
    public Proposal ProposeAdoption(SpecSource source, IReadOnlyDictionary<string, string> libvirt, IEnumerable<Diagnostic> remarks)
    {
        var faults = new DiagnosticBag();
        foreach (var r in remarks) faults.Add(r);
        if (SpecReader.Load(source.File, source.Text, faults) is not { } spec) return Proposal.Refused("", faults.Items, AllocationState.Empty);
        ImmutableArray<NetworkAllocation> taken = [.. spec.Networks.Select(n => Taken(spec, n, libvirt.GetValueOrDefault(n.Name), faults)).OfType<NetworkAllocation>()];
        // What is Weft's already most likely is that project's.
        if (!faults.HasErrors && Store.Project(spec.Name) is not null) faults.Error("WEFT4010", Location.None, $"there is a project {spec.Name} already", "say another name with --name");
        if (faults.HasErrors) return Proposal.Refused(spec.Name, faults.Items, Store.Allocations());
        return Built(spec, Host(spec), faults, (desired, notes, existing, given) => Compare(spec, source, "adopt", desired, notes, existing, given), taken);
    }

    private NetworkAllocation? Taken(ProjectSpec spec, NetworkSpec network, string? libvirt, DiagnosticBag faults)
    {
        string[] uplinks = network is BridgeNetworkSpec { Uplink: { } uplink } ? [uplink.Link] : [];
        if (network.Bridge is not { } bridge || _socket.Link(bridge) is not { Kind: "bridge" } link || link.Name != bridge)
            faults.Error("WEFT4011", Location.None, $"network {network.Name}: there is no bridge {network.Bridge}", libvirt is null ? "ip link show type bridge lists them" : $"virsh net-start {libvirt}");
        else if (LinkTag.TryParse(link.Alias, out var tag))
            faults.Error("WEFT4012", Location.None, $"network {network.Name}: {bridge} is Weft's already: network {tag.Network} of project {tag.Owner}", $"nothing is left to do; weft show networks --project {tag.Owner}");
        else
            return new(spec.Name, network.Name, bridge, link.Mac!.Value.ToCore(), []) { Adopted = new([.. Others.Of(network.Name, bridge, uplinks, libvirt)]) };
        return null;
    }

    private ForeignObjects Others => new(_socket, Store, _options.Root);

    private Takeover Takeover(AllocationState existing, AllocationState given, string project)
    {
        static ImmutableDictionary<ResourceKey, Resource> ByKey(IEnumerable<Resource> resources) => resources.DistinctBy(r => r.Key).ToImmutableDictionary(r => r.Key);
        bool Has(NetworkAllocation n) => n.Project == project && n.Adopted is not null;
        return new(ByKey(given.Networks.Where(Has).SelectMany(Others.Of)), ByKey(existing.Networks.Where(Has).SelectMany(n => n.Adopted!.Before)));
    }
}
