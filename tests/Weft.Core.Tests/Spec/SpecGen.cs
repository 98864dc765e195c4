using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Tests.Spec;

/// <summary>Generates projects in every form that a file can have. Well-formed, not necessarily meaningful.</summary>
internal static class SpecGen
{
    private static readonly Gen<string> Label = Gen.OneOf(
        Gen.Char['a', 'z'].Array[1, 20].Select(c => new string(c)),
        Pick("a", "0", "1", "true", "null", "no", "10", "1e3", "a-b", "0x1f", "ports", "network", "x" + new string('-', 61) + "9"));

    private static readonly Gen<string> Link = Gen.OneOf(Gen.Char['a', 'z'].Array[1, 11].Select(c => new string(c)), Pick("eth0", "eth1.100", "br-lan", "10.5", "0", "bond0", "en@x", "true"));

    private static readonly Gen<IPAddress> V4 = Gen.UInt.Select(n => IpPrefix.FromNumber(n, true));

    private static readonly Gen<IPAddress> V6 = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong, (a, b) => IpPrefix.FromNumber(((UInt128)a << 64) | b, false)),
        Gen.ULong[0, 0xffff].Select(n => IpPrefix.FromNumber(((UInt128)0xfd00 << 112) | n, false)));

    private static readonly Gen<IPAddress> Ip = Gen.OneOf(V4, V6);

    private static readonly Gen<IpPrefix> Prefix = Gen.OneOf(Gen.Select(V4, Gen.Int[0, 32], (a, l) => new IpPrefix(a, l)), Gen.Select(V6, Gen.Int[0, 128], (a, l) => new IpPrefix(a, l)));

    private static readonly Gen<AddressRange> Range = Gen.OneOf(Ordered(V4), Ordered(V6));

    private static readonly Gen<MacAddress> Mac = Gen.ULong[0, (1UL << 48) - 1].Select(v => new MacAddress(v));

    private static readonly Gen<VlanRange> Vlans = Gen.Select(Gen.Int[1, 4094], Gen.Int[1, 4094], (a, b) => new VlanRange(Math.Min(a, b), Math.Max(a, b)));

    private static readonly Gen<StpSpec> Stp = Gen.Select(Gen.Bool, Maybe(Gen.Int[0, 65535]), Maybe(Gen.Int[2, 30]), Maybe(Gen.Int[1, 10]), Maybe(Gen.Int[6, 40]),
        (on, p, f, h, m) => new StpSpec(on, p, f, h, m));

    private static readonly Gen<BridgeOptionsSpec> Options = Gen.Select(Maybe(Gen.Int[0, 1_000_000]), Gen.Bool, Gen.Bool, (a, s, q) => new BridgeOptionsSpec(a, s, q));

    private static readonly Gen<VlanSpec> Vlan = Gen.Select(Gen.Int[1, 4094], Many(Vlans), (n, t) => new VlanSpec(n, t));

    private static readonly Gen<FdbSpec> Fdb = Gen.Select(Mac, Link, Maybe(Gen.Int[1, 4094]), (m, p, v) => new FdbSpec(m, p, v));

    private static readonly Gen<SubnetSpec> Subnet = Gen.Select(Prefix, Ref(Ip), Maybe(Range), Many(Range), (p, g, pool, x) => new SubnetSpec(p) { Gateway = g, Pool = pool, Exclude = x });

    // A mapping means on, so "not said" goes with no other option.
    private static readonly Gen<DhcpSpec> Dhcp = Gen.OneOf(Gen.Const(new DhcpSpec()), Gen.Select(Gen.Bool, Gen.Int[120, 31_536_000], Gen.Bool, Many(Ip), Gen.Bool,
        (on, lease, unknown, dns, s6) => new DhcpSpec(on, lease, unknown) { DnsServers = dns, Stateful6 = s6 }));

    private static readonly Gen<ImmutableArray<DnsRecordSpec>> Records = Gen.Dictionary(Label, Ip.Array[1, 3])[0, 3]
        .Select(d => d.SelectMany(e => e.Value.Select(a => new DnsRecordSpec(e.Key, a))).ToImmutableArray());

    private static readonly string[] RecordTexts = ["v=spf1 -all", "a, b", "#1", "'x'", " ", "yes"];
    private static readonly Gen<ImmutableArray<DnsTextSpec>> Texts = Gen.Dictionary(Label, Gen.Int[0, RecordTexts.Length - 1].Select(i => RecordTexts[i]))[0, 2].Select(d => d.Select(t => new DnsTextSpec(t.Key, t.Value)).ToImmutableArray());
    private static readonly Gen<ImmutableArray<DnsServiceSpec>> Services = Gen.Select(Label, Label, Gen.Int[1, 65535], Gen.Int[0, 9], (n, t, p, w) => new DnsServiceSpec($"_{n}._tcp", t, p) { Priority = w, Weight = 9 - w }).Array[0, 2].Select(s => s.ToImmutableArray());
    private static readonly Gen<DnsSpec> Dns = Gen.Select(Gen.Bool, Records, Texts, Services, Many(Ip), (on, r, t, s, f) => new DnsSpec(on) { Records = r, Texts = t, Services = s, Forwarders = f });

    private static readonly Gen<ProtectSpec> Protect = Gen.Select(Gen.Bool, Maybe(Gen.Int[1, 10_000_000]), Maybe(Gen.Int[1, 10_000_000]), (s, r, c) => new ProtectSpec(s, r, c));

    private static readonly Gen<ForwardSpec> Forward = Gen.Select(Gen.Enum<ForwardProtocol>(), Gen.Int[1, 60000], Gen.Int[0, 100], Gen.Int[1, 60000], Host, Ref(Ip), Many(Prefix), Ref(Protect),
        (proto, first, more, inner, to, listen, allow, protect) => new ForwardSpec(proto, new PortRange(first, first + more), new ForwardTarget(to.Machine, to.Address, inner))
        { ListenAddress = listen, AllowFrom = allow, Protect = protect });

    private static readonly Gen<FloatingSpec> Floating = Gen.Select(Ip, Host, Many(Prefix), (o, to, allow) => new FloatingSpec(o, to.Machine, to.Address) { AllowFrom = allow });

    private static readonly Gen<UplinkSpec> Uplink = Gen.Select(Link.Where(l => l.Length <= 10), Maybe(Gen.Int[1, 4094]), Maybe(Gen.Int[1, 65535]), Maybe(Gen.Int[0, 63]), Gen.Bool,
        (l, v, c, p, m) => new UplinkSpec(l, v) { Cost = c, Priority = p, MoveAddresses = m });

    private static readonly Gen<NetworkSpec> Bridge = Gen.Select(Label, Ref(Uplink), (name, u) => (NetworkSpec)new BridgeNetworkSpec(name) { Uplink = u });

    private static readonly Gen<NetworkSpec> Nat = Gen.Select(Label, Gen.Enum<NatKind>(), Ref(Link), Many(Forward), Many(Floating), Maybe(Range), Many(Prefix), Ref(Protect),
        (name, kind, u, f, fl, pool, allow, protect) => (NetworkSpec)new NatNetworkSpec(name) { Nat = kind, Uplink = u, Forwards = f, Floating = fl, SnatPool = pool, AllowFrom = allow, Protect = protect });

    private static readonly Gen<NetworkSpec> Network = Gen.Select(Gen.OneOf(Bridge, Gen.Select(Nat, Gen.Bool, (n, open) => n is NatNetworkSpec nat ? nat with { HostAccess = open } : n)), Gen.Select(Ref(Link), Maybe(Gen.Int[68, 65521]), Ref(Stp), Options), Gen.Select(Ref(Vlan), Many(Fdb), Many(Subnet), Dhcp), Gen.Select(Dns, Gen.Enum<DefaultPort>()),
        (n, a, b, c) => n with { Bridge = a.Item1, Mtu = a.Item2, Stp = a.Item3, Options = a.Item4, Vlan = b.Item1, Fdb = b.Item2, Subnets = b.Item3, Dhcp = b.Item4, Dns = c.Item1, DefaultPort = c.Item2 });

    private static readonly Gen<PortSpec> Port = Gen.Select(Label, Maybe(Mac), Many(Ip), Ref(Link), Gen.Select(Maybe(Gen.Int[1, 4094]), Many(Vlans)), Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool), Gen.Select(Gen.Int[1, 256], Maybe(Gen.Int[1, 65535])),
        (n, mac, ips, tap, vlan, flags, rest) => new PortSpec(n)
        {
            Mac = mac, Addresses = ips, Tap = tap, Vlan = vlan.Item1, Trunk = vlan.Item2, Isolated = flags.Item1, Hairpin = flags.Item2, AntiSpoof = flags.Item3, Edge = flags.Item4, Queues = rest.Item1, Cost = rest.Item2,
        });

    private static readonly Gen<MachineSpec> Machine = Gen.Select(Label, Many(Port), (n, p) => new MachineSpec(n, p));

    public static readonly Gen<ProjectSpec> Project = Gen.Select(Label, Label, Gen.Enum<DriftPolicy>(), Network.Array[0, 4], Machine.Array[0, 4],
        (name, domain, drift, n, m) => new ProjectSpec(name, [.. n.DistinctBy(x => x.Name)], [.. m.DistinctBy(x => x.Name)]) { Domain = domain, Drift = drift });

    private static Gen<(string? Machine, IPAddress? Address)> Host => Gen.OneOf(Label.Select(l => ((string?)l, (IPAddress?)null)), Ip.Select(a => ((string?)null, (IPAddress?)a)));

    private static Gen<AddressRange> Ordered(Gen<IPAddress> ip) => Gen.Select(ip, ip, (a, b) => IpPrefix.ToNumber(a) <= IpPrefix.ToNumber(b) ? new AddressRange(a, b) : new AddressRange(b, a));

    /// <summary>One of the values.</summary>
    public static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct => Gen.OneOf(Gen.Const((T?)null), gen.Select(v => (T?)v));

    private static Gen<T?> Ref<T>(Gen<T> gen) where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(v => (T?)v));

    private static Gen<ImmutableArray<T>> Many<T>(Gen<T> gen) => gen.Array[0, 3].Select(a => a.ToImmutableArray());
}
