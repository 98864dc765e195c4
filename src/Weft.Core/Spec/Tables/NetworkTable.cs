using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys of networks. One set for every mode, so that changing the mode alone is a legal edit.</summary>
internal static class NetworkTable
{
    private const string Nat = "nat";
    private const string Bridge = "bridge";
    private const int MostOfTap = 65535 - 14; // the kernel counts the Ethernet header of a tap's frame in (drivers/net/tun.c)

    /// <summary>Modes of a later version.</summary>
    public static readonly ImmutableArray<string> LaterModes = ["passthrough", "private", "custom"];

    private static readonly ChoiceShape<string> ModeShape = new([(Bridge, Bridge), (Nat, Nat)]);
    private static readonly ChoiceShape<NatKind> NatShape = new([("masquerade", NatKind.Masquerade), ("isolated", NatKind.Isolated), ("full", NatKind.Full), ("routed", NatKind.Routed)]);

    public static readonly Key<string> Mode = new("mode", ModeShape, "How the network is made.") { Required = true };
    private static readonly Key<UplinkSpec> Uplink = new("uplink", UplinkTable.Shape,
        "The link to the outside. Bridge: a NIC, a bond, or a VLAN of one (eth1.100); none without. NAT: a link, or auto, which follows the default route.") { Default = "none (bridge), auto (nat)" };
    private static readonly Key<string> BridgeName = new("bridge", Texts.Link, "Name of the bridge link.") { Default = "Weft chooses" };
    private static readonly Key<int> Mtu = new("mtu", new IntShape(68, MostOfTap, "bytes"), "One MTU for uplink, bridge, taps and DHCP.") { Default = "the uplink's, or 1500" };
    private static readonly Key<StpSpec> Stp = new("stp", BridgeTable.Stp, "Spanning tree.") { Default = "false" };
    private static readonly Key<BridgeOptionsSpec> Options = new("options", BridgeTable.Options, "Options of the bridge.");
    private static readonly Key<VlanSpec?> Vlan = new("vlan", BridgeTable.Vlan, "VLAN filtering.") { Default = "false" };
    private static readonly Key<ImmutableArray<FdbSpec>> Fdb = new("fdb", new ListShape<FdbSpec>(BridgeTable.Fdb), "Static FDB entries.");
    private static readonly Key<DefaultPort> Default = new("default_port", new ChoiceShape<DefaultPort>([("block", DefaultPort.Block), ("guard", DefaultPort.Guard), ("allow", DefaultPort.Allow)]),
        "What a link gets that a hypervisor puts on the bridge and no port is known for: nothing passes, a port of its own, or everything passes.") { Default = "block" };
    private static readonly Key<ImmutableArray<SubnetSpec>> Subnets = new("subnets", new ListShape<SubnetSpec>(SubnetTable.Shape),
        "IPv4 and IPv6 networks. NAT, and a bridge without uplink: the host takes the gateway address of each.") { Default = "none (bridge), a free IPv4 /24 and a ULA /64 (nat)" };
    private static readonly Key<ImmutableArray<RouteSpec>> Routes = new("routes", new ListShape<RouteSpec>(SubnetTable.Route), "Networks behind machines of the network, which need anti_spoof: false.");
    private static readonly Key<DhcpSpec> Dhcp = new("dhcp", SubnetTable.Dhcp, "DHCP and router advertisements.") { Default = "false (bridge), true (nat)" };
    private static readonly Key<DnsSpec> Dns = new("dns", SubnetTable.Dns, "Names: web1.dev.weft for machine web1 on network dev.") { Default = "true" };
    private static readonly Key<NatKind> NatKey = new("nat", NatShape, "How sources are translated.") { Default = "masquerade", Mode = Nat };
    private static readonly Key<ImmutableArray<ForwardSpec>> Forwards = new("forwards", new ListShape<ForwardSpec>(ForwardTable.Forward), "Outer ports that lead to machines.") { Mode = Nat };
    private static readonly Key<ImmutableArray<FloatingSpec>> Floating = new("floating", new ListShape<FloatingSpec>(ForwardTable.Floating), "1:1 addresses; needs nat: full.") { Mode = Nat };
    private static readonly Key<AddressRange> SnatPool = new("snat_pool", Texts.Range, "Source addresses to translate to.") { Default = "the uplink's", Mode = Nat };
    private static readonly Key<ImmutableArray<IpPrefix>> AllowFrom = new("allow_from", ForwardTable.Sources, "Outer sources that may open connections to this network.") { Default = "all", Mode = Nat, Guards = true };
    private static readonly Key<ProtectSpec> Protect = new("protect", ForwardTable.Protect, "Flood protection for everything that enters the network.") { Mode = Nat, Guards = true };

    private static readonly Key<bool> HostAccess = new("host_access", Texts.Bool, "Whether machines may use every service of the host; otherwise DHCP, DNS and ICMP.") { Default = "false", Mode = Nat };

    private static readonly Key[] Keys =
        [Mode, Uplink, BridgeName, Mtu, Subnets, Routes, Dhcp, Dns, Stp, Options, Vlan, Fdb, Default, NatKey, Forwards, Floating, SnatPool, AllowFrom, Protect, HostAccess];

    private static readonly RecordShape<NetworkSpec> Record = new("network", "A network.", Keys, Build);

    private static readonly Shape<NetworkSpec> Short = ModeShape.Select<NetworkSpec>((mode, _) => mode == Bridge ? new BridgeNetworkSpec("") : new NatNetworkSpec(""));

    /// <summary>networks.</summary>
    public static readonly NamedShape<NetworkSpec, NetworkSpec> All = new(Texts.Label, new NetworkShape(new EitherShape<NetworkSpec>(Short, Record)), (name, at, n) => n with { Name = name, At = at });

    private static NetworkSpec Build(Fields f)
    {
        var mode = f.Or(Mode, "");
        foreach (var key in Keys) if (mode.Length > 0 && key.Mode is { } other && other != mode && f.Place(key) is { } at) ForOtherMode(key, mode, at, f.Context);
        NetworkSpec network = mode switch { Bridge => BridgeNetwork(f), Nat => NatNetwork(f), _ => new UnreadNetworkSpec("") };
        return Common(network, f);
    }

    private static void ForOtherMode(Key key, string mode, Location at, ReadContext c)
    {
        if (key.Guards) c.Error(SpecCodes.OtherMode, at, $"{c.Path}: '{key.Name}' protects nothing in mode {mode}", $"it belongs to mode {key.Mode}: remove it, or change the mode");
        else c.Warn(SpecCodes.OtherMode, at, $"{c.Path}: '{key.Name}' has no effect in mode {mode}", $"it belongs to mode {key.Mode}");
    }

    private static BridgeNetworkSpec BridgeNetwork(Fields f)
    {
        var uplink = f.Get(Uplink);
        if (uplink?.Link != UplinkTable.Auto) return new BridgeNetworkSpec("") { Uplink = uplink };
        f.Context.Error(SpecCodes.BadLink, uplink.At, $"{f.Context.Path}.uplink: a bridge does not follow the default route", "name the NIC whose addresses move to the bridge");
        return new BridgeNetworkSpec("");
    }

    private static NatNetworkSpec NatNetwork(Fields f) => new("")
    {
        Nat = f.Or(NatKey, NatKind.Masquerade), Uplink = UplinkTable.ForNat(f.Get(Uplink), f.Context), Forwards = f.Or(Forwards, []), Floating = f.Or(Floating, []),
        SnatPool = f.Maybe(SnatPool), AllowFrom = f.Or(AllowFrom, []), Protect = f.Get(Protect), HostAccess = f.Or(HostAccess, false),
    };

    private static NetworkSpec Common(NetworkSpec network, Fields f)
    {
        var before = f.Context.Errors;
        var subnets = f.Or(Subnets, []);
        var incomplete = f.Context.Errors > before;
        return network with
        {
            Bridge = f.Get(BridgeName), Mtu = f.Maybe(Mtu), Stp = f.Get(Stp), Options = f.Or(Options, new BridgeOptionsSpec()), Vlan = f.Or(Vlan, null), Fdb = f.Or(Fdb, []),
            Subnets = subnets, Routes = f.Or(Routes, []), Dhcp = f.Or(Dhcp, new DhcpSpec()), Dns = f.Or(Dns, new DnsSpec()), DefaultPort = f.Or(Default, DefaultPort.Block), Incomplete = incomplete,
        };
    }

    /// <summary>A network of a later mode is reported once, whatever its keys; a faulty one keeps its name.</summary>
    private sealed class NetworkShape(Shape<NetworkSpec> inner) : Shape<NetworkSpec>
    {
        public override string Words => inner.Words;

        public override IEnumerable<Shape> Parts => [inner];

        public override void WriteSchema(SchemaWriter w) => inner.WriteSchema(w);

        public override bool TryRead(SpecNode node, ReadContext c, [MaybeNullWhen(false)] out NetworkSpec value)
        {
            value = new UnreadNetworkSpec("");
            var mode = (node is MapNode map ? map.Find(Mode.Name) : node) as ScalarNode;
            if (mode is not null && LaterModes.Contains(mode.Text))
                c.Error(SpecCodes.NotYet, mode.At, $"{c.Path}: mode {mode.Text} is not available yet", "use bridge or nat");
            else if (inner.TryRead(node, c, out var network)) value = network;
            return true;
        }
    }
}
