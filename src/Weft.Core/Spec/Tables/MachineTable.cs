using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys of machines and their ports.</summary>
internal static class MachineTable
{
    private static readonly Key<string> Network = new("network", Texts.Label, "The network it is on.") { Required = true };
    private static readonly Key<MacAddress> Mac = new("mac", Texts.Mac, "Its MAC.") { Default = "a locally administered one that nobody else has" };
    private static readonly Key<ImmutableArray<IPAddress>> Address = new("address", new ListShape<IPAddress>(Texts.Ip), "Its address; the same key as addresses.") { Default = "one of each family from the subnets" };
    private static readonly Key<ImmutableArray<IPAddress>> Addresses = new("addresses", new ListShape<IPAddress>(Texts.Ip), "Its addresses, at most one a subnet; a family left out is given automatically.");
    private static readonly Key<string> Tap = new("tap", Texts.Link, "Link name of its tap.") { Default = "Weft chooses" };
    private static readonly Key<int> Vlan = new("vlan", Texts.VlanId, "Access VLAN; its frames are untagged. With trunk: the native VLAN.");
    private static readonly Key<ImmutableArray<VlanRange>> Trunk = new("trunk", new ListShape<VlanRange>(Texts.Vlans), "VLANs that it gets tagged.");
    private static readonly Key<bool> Isolated = new("isolated", Texts.Bool, "Isolated ports do not reach other isolated ports of the bridge.") { Default = "false" };
    private static readonly Key<bool> Hairpin = new("hairpin", Texts.Bool, "Frames may go back out of the port they came from.") { Default = "false" };
    private static readonly Key<bool> AntiSpoof = new("anti_spoof", Texts.Bool, "Hold source MAC, ARP and addresses to what the port was given.") { Default = "true" };
    private static readonly Key<int> Queues = new("queues", new IntShape(1, 256), "Queues of the tap.") { Default = "1" };
    private static readonly Key<int> Cost = new("cost", new IntShape(1, 65535), "STP path cost.") { Default = "by the link's speed" };
    private static readonly Key<bool> Edge = new("edge", Texts.Bool, "Forwards at once, and BPDUs from it are dropped.") { Default = "true" };

    private static readonly Key[] PortKeys = [Network, Mac, Address, Addresses, Tap, Vlan, Trunk, Isolated, Hairpin, AntiSpoof, Queues, Cost, Edge];
    private static readonly Key[] Later = [new ReservedKey("groups"), new ReservedKey("bandwidth")];

    private static readonly RecordShape<PortSpec> PortRecord = new("port", "One NIC of a machine.", [.. PortKeys, .. Later], Port);

    private static readonly Shape<PortSpec> PortShape = new EitherShape<PortSpec>(Texts.Label.Select((n, node) => new PortSpec(n) { At = node.At }), PortRecord);

    private static readonly Key<ImmutableArray<PortSpec>> Ports = new("ports", new ListShape<PortSpec>(PortShape), "Its NICs, in the order the guest sees them.");

    private static readonly RecordShape<MachineSpec> MachineRecord = new("machine", "A machine: ports, or the keys of its one port.",
        [Ports, .. PortKeys.Select(k => k == Network ? new Key<string>("network", Texts.Label, "The network it is on, for a machine with one port.") : k), .. Later], Machine);

    /// <summary>A value of machines: the name of its network, or a mapping.</summary>
    public static readonly Shape<MachineSpec> Shape = new EitherShape<MachineSpec>(
        Texts.Label.Select((n, node) => new MachineSpec("", [new PortSpec(n) { At = node.At }])), MachineRecord);

    /// <summary>machines.</summary>
    public static readonly NamedShape<MachineSpec, MachineSpec> All = new(Texts.Label, Shape, (name, at, m) => m with { Name = name, At = at });

    private static MachineSpec? Machine(Fields f)
    {
        var single = PortKeys.FirstOrDefault(k => f.Place(k) is not null);
        if (f.Place(Ports) is null) return single is null ? Nothing(f) : new MachineSpec("", Port(f) is { } p ? [p] : []);
        if (single is not null)
            f.Context.Error(SpecCodes.WrongType, f.Place(single)!.Value, $"{f.Context.Path}: '{single.Name}' stands beside 'ports'", $"move '{single.Name}' into the port it belongs to");
        return new MachineSpec("", f.Or(Ports, []));
    }

    private static MachineSpec Nothing(Fields f)
    {
        f.Context.Error(SpecCodes.MissingKey, f.At, $"{f.Context.Path}: 'ports' or 'network' is missing", "name the network: web1: dev");
        return new MachineSpec("", []);
    }

    private static PortSpec? Port(Fields f)
    {
        var port = new PortSpec("")
        {
            At = f.At, Mac = f.Maybe(Mac), Addresses = [.. f.Or(Address, []), .. f.Or(Addresses, [])], Tap = f.Get(Tap), Vlan = f.Maybe(Vlan), Trunk = f.Or(Trunk, []),
            Isolated = f.Or(Isolated, false), Hairpin = f.Or(Hairpin, false), AntiSpoof = f.Or(AntiSpoof, true), Queues = f.Or(Queues, 1), Cost = f.Maybe(Cost), Edge = f.Or(Edge, true),
        };
        if (f.Place(Network) is null && f.Context.Path is var path && !path.EndsWith(']'))
            f.Context.Error(SpecCodes.MissingKey, f.At, $"{path}: 'network' is missing");
        return f.TryGet(Network, out var network) ? port with { Network = network } : null;
    }
}
